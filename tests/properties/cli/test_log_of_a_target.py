"""`log --sut`: a target that cannot be started is one message."""

from click.testing import CliRunner

from properties.cli.log import log_command


def test_a_target_that_does_not_start_is_one_message():
    options = ["--system", "examples.parcel_locker:claims", "--cases", "1", "--sut", "false"]
    result = CliRunner().invoke(log_command, options)
    assert result.exit_code == 2
    assert "false: the target crashed" in result.stderr
    assert "Traceback" not in result.stderr
