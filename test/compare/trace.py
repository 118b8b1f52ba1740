"""A callback plugin for ansible-playbook: writes how each task ended on each host, one line of JSON each."""

import json
import os

from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: trace
type: notification
short_description: One line of JSON for each task and host
description: One line of JSON for each task and host, in the file that COMPARE_TRACE names.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "trace"

    def _write(self, line):
        with open(os.environ["COMPARE_TRACE"], "a") as trace:
            trace.write(json.dumps(line, cls=AnsibleJSONEncoder) + "\n")

    def _step(self, result, outcome, ignored=False):
        # What meta does is no step there, and counts nowhere.
        if result._task.action in ("meta", "ansible.builtin.meta"):
            return
        # The clean copy lacks keys that a registered variable has, but it alone is censored.
        shown = result.clean_copy()._result
        if "censored" not in shown:
            shown = result._result
        host = result._host.get_name()
        name = result.task_name.strip()
        role = result._task._role
        if role and not name.startswith(role.get_name() + " : "):
            name = role.get_name() + " : " + name
        self._write({"host": host, "name": name, "outcome": outcome, "ignored": ignored, "result": shown})

    def v2_runner_on_ok(self, result):
        self._step(result, "changed" if result._result.get("changed") else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._step(result, "failed", bool(ignore_errors))

    def v2_runner_on_skipped(self, result):
        self._step(result, "skipped")

    def v2_runner_on_unreachable(self, result):
        self._step(result, "unreachable", bool(result._task_fields.get("ignore_unreachable")))

    def v2_playbook_on_stats(self, stats):
        self._write({"stats": {host: stats.summarize(host) for host in stats.processed}})
