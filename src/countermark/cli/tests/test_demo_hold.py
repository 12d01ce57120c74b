"""The demo's payment platform holds something that can be looked at, once."""

from countermark.cli.demo_cast import ALTO_PAY
from countermark.cli.demo_node import Demo
from countermark.cli.talk import Talk
from countermark.node.conduct import payees


def test_the_payment_platform_of_the_demo_holds_one_pay_out_however_often_it_starts(db, tmp_path):
    demo = Demo(tmp_path, ALTO_PAY, Talk(quiet=True))
    member = demo.found()
    demo.hold_payouts()
    demo.hold_payouts()
    (name,) = payees.payees(member)
    (held,) = payees.payee(member, name)
    assert held.in_force
    assert held.can_link
