"""What the stack brings to watch it: alarms and saved queries."""

from reference.markdown import code, table
from translate.stack import Stack


def alarms() -> str:
    stack = Stack()
    rows = (
        (code(name), stack.properties(name)["AlarmDescription"])
        for name in stack.resources("AWS::CloudWatch::Alarm")
    )
    return table("alarm", "meaning, and what to do", rows=rows)


def queries() -> str:
    stack = Stack()
    saved = map(stack.properties, stack.resources("AWS::Logs::QueryDefinition"))
    rows = (
        (code(each["Name"].rpartition("/")[2]), each["QueryString"].splitlines()[0].strip("# "))
        for each in saved
    )
    return table("query", "shows", rows=rows)
