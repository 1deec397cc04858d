package io.licenserelay.evidence;

/**
 * One fact proven by evidence. Diagnoses use only findings.
 *
 * @param name dotted and stable, from the closed list in {@link Findings}: {@code oauth.password.invalid-client}
 * @param phrase the fact as a readable phrase: {@code ssm.example.net refused the password grant: invalid_client (401)}
 */
public record Finding(String name, String phrase) {}
