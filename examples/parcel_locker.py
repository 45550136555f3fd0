"""A parcel locker, declared once. `docs/tutorial.md` builds it step by step and shows everything that it gives."""

from enum import Enum
from functools import partial

import statemachines as sm

Box = Enum("Box", {"EMPTY": "empty", "FULL": "holds a parcel", "OVERDUE": "holds a parcel too long"})
Code = Enum("Code", {"RIGHT": "right", "WRONG": "wrong"})
Say = Enum(
    "Say", {"YES": "yes", "NO": "no", "LOCKER": "locker", "DONE": "done", "CODE": "wrong code", "BOX": "wrong box"}
)

open_rule = sm.Rule("BOX-1", "Only the right code opens a box.", "house rules, 1")
back_rule = sm.Rule("BOX-2", "A parcel that waits too long goes back.", "house rules, 2")
box, code = sm.Variable("box", Box), sm.Field("code", Code)
Put, Take, Wait = sm.RequestType("Put"), sm.RequestType("Take", [code]), sm.RequestType("Wait")
everything = [Put, Take, Wait]

put = sm.Transition(Box.EMPTY, Put, Box.FULL, rules="BOX-1")
take = sm.Transition([Box.FULL, Box.OVERDUE], Take, Box.EMPTY, rules="BOX-1")
late = sm.Transition(Box.FULL, Wait, Box.OVERDUE, rules="BOX-2")
back = sm.Transition(Box.OVERDUE, Wait, Box.EMPTY, rules="BOX-2")
refusal = partial(sm.Check, outcome=Say.NO, rules="BOX-1")
right_code = refusal("the code is right", fails_when=code == Code.WRONG, reason=Say.CODE, on=[Take])
parcel = refusal("there is a parcel", fails_when=box == Box.EMPTY, reason=Say.BOX, on=[Take])
room = refusal("there is room", fails_when=box != Box.EMPTY, reason=Say.BOX, on=[Put])
done = sm.Answer(everything, outcome=Say.YES, reason=Say.DONE, rules="BOX-1 BOX-2")
locker = sm.Gate(Say.LOCKER, [right_code, parcel, room], on=everything)
lifecycle = sm.Lifecycle(box, Box.EMPTY, [put, take, late, back])
rules = sm.Register([open_rule, back_rule])
system = sm.System("parcel locker", rules, lifecycles=[lifecycle], requests=everything, gates=[locker], answers=[done])

wrong = sm.always("a wrong code opens nothing", when=code == Code.WRONG, then=sm.after(box) == box, rules="BOX-1")
free = sm.always_possible("a box can always come free", goal=box == Box.EMPTY, rules="BOX-2")
claims = sm.Claims(system, [wrong, free])
