"""The addresses of community's pages."""

from django.urls import URLPattern, URLResolver, path

from community.views import comments, compose, entrance, follows, frame, home, me, members, posts, suggestions, tokens

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("search/", suggestions.search, name="search"),
    path("community/", members.community, name="community"),
    path("members/<str:username>/", members.member, name="member"),
    path("posts/new/", compose.new_post, name="post-new"),
    path("posts/preview/", compose.preview, name="post-preview"),
    path("posts/<int:post_id>/", posts.short, name="post-short"),
    path("posts/<int:post_id>/edit/", posts.edit, name="post-edit"),
    path("posts/<int:post_id>/delete/", posts.delete, name="post-delete"),
    path("posts/<int:post_id>/restore/", posts.restore, name="post-restore"),
    path("posts/<int:post_id>/follow/", follows.follow, name="post-follow"),
    path("posts/<int:post_id>/comments/new/", comments.new_comment, name="comment-new"),
    path("comments/<int:comment_id>/edit/", comments.edit, name="comment-edit"),
    path("comments/<int:comment_id>/delete/", comments.delete, name="comment-delete"),
    path("comments/<int:comment_id>/restore/", comments.restore, name="comment-restore"),
    path("comments/<int:comment_id>/agree/", comments.agree_with, name="comment-agree"),
    path("posts/<int:post_id>/<str:slug>/", posts.post, name="post"),
    path("me/", me.me, name="me"),
    path("me/settings/", me.settings, name="settings"),
    path("me/persona/", me.persona, name="persona"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:token_id>/revoke/", tokens.revoke, name="token-revoke"),
    path("session/", frame.session, name="session"),
    path("settings/look/", frame.look, name="look"),
    # These two stand before allauth's: one door for the new and for those who come back.
    path("accounts/signup/", entrance.sign_up, name="account_signup"),
    path("accounts/login/code/", entrance.request_code, name="account_request_login_code"),
]
