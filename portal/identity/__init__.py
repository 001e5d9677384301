"""Who is who: people, units, areas, companies, appointments, and what each may do. Knows no page."""
