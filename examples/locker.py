"""A parcel locker that somebody built: it knows the words of `parcel_locker.py`, and imports nothing of ours."""

YES = {"outcome": "yes", "at": "locker", "reason": "done", "response": None}


def no(reason: str) -> dict[str, str | None]:
    """A refusal."""
    return {"outcome": "no", "at": "locker", "reason": reason, "response": None}


class Locker:
    """One box."""

    def __init__(self) -> None:
        self.box = "empty"

    def reset(self, state: dict[str, str]) -> None:
        """Be in this state."""
        self.box = state["box"]

    def send(self, request: dict[str, str]) -> dict[str, str | None]:
        """Process a request."""
        match request["type"], self.box:
            case "Put", "empty":
                self.box = "holds a parcel"
            case "Put", _:
                return no("wrong box")
            case "Take", _ if request["code"] == "wrong":
                return no("wrong code")
            case "Take", "empty":
                return no("wrong box")
            case "Wait", "holds a parcel":
                self.box = "holds a parcel too long"
            case ("Take", _) | ("Wait", "holds a parcel too long"):
                self.box = "empty"
        return YES


class GlassLocker(Locker):
    """It shows its state after each request."""

    def look(self) -> dict[str, str]:
        """The state, or what can be seen of it."""
        return {"box": self.box}


class LeakingLocker(GlassLocker):
    """A parcel that is taken with a wrong code is refused, and is gone all the same."""

    def send(self, request: dict[str, str]) -> dict[str, str | None]:
        """Process a request."""
        answer = super().send(request)
        if answer["reason"] == "wrong code":
            self.box = "empty"
        return answer


class TrustingLocker(Locker):
    """It forgets to ask for the code once a parcel has waited too long."""

    def send(self, request: dict[str, str]) -> dict[str, str | None]:
        """Process a request."""
        if request["type"] == "Take" and self.box == "holds a parcel too long":
            request = {**request, "code": "right"}
        return super().send(request)
