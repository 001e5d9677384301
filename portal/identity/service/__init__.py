"""Use cases about people and the trees, by ability: taking people on, appointing them, leave, units, areas."""

from portal.identity.service.appointing import appoint as appoint
from portal.identity.service.appointing import cancel_leave as cancel_leave
from portal.identity.service.appointing import end_appointment as end_appointment
from portal.identity.service.appointing import give_leave as give_leave
from portal.identity.service.appointing import set_last_day as set_last_day
from portal.identity.service.areas import add_area as add_area
from portal.identity.service.areas import change_area as change_area
from portal.identity.service.areas import move_area as move_area
from portal.identity.service.companies import company_by_code as company_by_code
from portal.identity.service.granting import decide_proposal as decide_proposal
from portal.identity.service.granting import propose_appointment as propose_appointment
from portal.identity.service.people import add_person as add_person
from portal.identity.service.people import change_person as change_person
from portal.identity.service.people import disable_person as disable_person
from portal.identity.service.people import enable_person as enable_person
from portal.identity.service.people import sign_out_everywhere as sign_out_everywhere
from portal.identity.service.people import sign_out_person as sign_out_person
from portal.identity.service.record import note as note
from portal.identity.service.units import add_unit as add_unit
from portal.identity.service.units import change_unit as change_unit
from portal.identity.service.units import end_unit as end_unit
from portal.identity.service.units import keep_unit as keep_unit
