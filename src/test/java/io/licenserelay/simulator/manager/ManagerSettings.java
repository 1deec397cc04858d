package io.licenserelay.simulator.manager;

import java.net.URI;

/**
 * The license settings of a simulated SD-WAN Manager: its connection to SSM, and the on-prem user that was entered there.
 *
 * @param mode {@code on-prem}, {@code online} or {@code offline}
 */
public record ManagerSettings(
        String mode, URI ssmUrl, String clientId, String clientSecret, String user, String password) {

    public ManagerSettings mode(String other) {
        return new ManagerSettings(other, ssmUrl, clientId, clientSecret, user, password);
    }

    public ManagerSettings ssmUrl(URI other) {
        return new ManagerSettings(mode, other, clientId, clientSecret, user, password);
    }

    public ManagerSettings client(String id, String secret) {
        return new ManagerSettings(mode, ssmUrl, id, secret, user, password);
    }

    public ManagerSettings user(String name, String newPassword) {
        return new ManagerSettings(mode, ssmUrl, clientId, clientSecret, name, newPassword);
    }

    /** Omits the secrets. */
    @Override
    public String toString() {
        return "ManagerSettings[" + mode + " " + ssmUrl + " " + clientId + " " + user + "]";
    }
}
