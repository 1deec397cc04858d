package io.licenserelay.evidence;

/**
 * One fact read off evidence; diagnoses rest on these alone.
 *
 * @param name dotted, stable, from the closed list in {@link Findings}: {@code oauth.password.invalid-client}
 * @param phrase the fact for people, in a phrase: {@code ssm.example.net refused the password grant: invalid_client (401)}
 */
public record Finding(String name, String phrase) {}
