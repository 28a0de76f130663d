"""The API's way to pictures: sent as a form's file, with the limits of the pages, then put into a text by its words."""

from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import SproutView
from community.api_shapes import NewPicture, PictureShape
from community.pictures.attachments import add_picture, mark_decorative
from community.refusals import Invalid


class PicturesView(SproutView):
    """Pictures for texts to come."""

    serializer_class = PictureShape
    # JSON is read as well, so that it is refused in the order and the words of every other endpoint.
    parser_classes = (MultiPartParser, JSONParser)

    @extend_schema(operation_id="pictures_create", request={"multipart/form-data": NewPicture}, responses={201: PictureShape})
    def post(self, request: Request) -> Response:
        """Keeps a picture, drawn anew and without where it was taken; gone after 48 hours if no text has it by then."""
        given = request.data
        if getattr(request._request, "too_heavy", False):
            sentence = _("This picture is larger than 10 MB. Please make it smaller, or take a screenshot of it.")
            raise Invalid(sentence, fields={"picture": sentence})
        told = NewPicture(data=given)
        told.is_valid(raise_exception=True)
        said = cast(dict[str, Any], told.validated_data)
        file = said["picture"]
        made = add_picture(owner=self.member, data=file.read(), filename=file.name or "", alt=said["alt"], at=timezone.now())
        if said["decorative"]:
            mark_decorative(pictures=[made.pk], owner=self.member, decorative=True)
            made.decorative = True
        return Response(PictureShape(made).data, status=201)
