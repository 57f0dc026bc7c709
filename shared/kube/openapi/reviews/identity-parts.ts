import {
  described,
  flag,
  object,
  type Properties,
  text,
  texts,
  textsByName,
} from "./schema-parts.ts";

const userInfo = "io.k8s.api.authentication.v1.UserInfo";

/**
 * What reviews of `authentication.k8s.io/v1` hold.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/
 */
export const identityParts: Properties = {
  "io.k8s.api.authentication.v1.SelfSubjectReviewStatus": object(
    "SelfSubjectReviewStatus tells who the current user is.",
    { userInfo: described("The current user.", userInfo) },
  ),
  "io.k8s.api.authentication.v1.TokenReviewSpec": object("TokenReviewSpec is a token to look at.", {
    audiences: texts("Whom the token must be for: the server itself when this is empty."),
    token: text("The bearer token."),
  }),
  "io.k8s.api.authentication.v1.TokenReviewStatus": object(
    "TokenReviewStatus is what is known of a token.",
    {
      audiences: texts("Those of the audiences asked about that the token is for."),
      authenticated: flag("Whether the token is good."),
      error: text("Why the token is not good, or could not be checked."),
      user: described("Whom the token stands for.", userInfo),
    },
  ),
  [userInfo]: object("UserInfo is a user as the server sees it.", {
    extra: textsByName("More that is known of the user."),
    groups: texts("The groups that the user is in."),
    uid: text("What never changes hands, unlike the name."),
    username: text("The name that tells the user from all others."),
  }),
};
