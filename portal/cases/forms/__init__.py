"""Forms of the desk, by who acts: shape and wording. What a choice offers is filled in by `offer(room)`."""
