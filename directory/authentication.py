"""Who comes in through the API with a token."""

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from directory.backends import PostBackend


class PostTokenAuthentication(TokenAuthentication):
    """A token opens what its person could open by signing in, and nothing once that person may not."""

    def authenticate_credentials(self, key: str):
        user, token = super().authenticate_credentials(key)
        if not PostBackend().user_can_authenticate(user):
            raise AuthenticationFailed
        return user, token
