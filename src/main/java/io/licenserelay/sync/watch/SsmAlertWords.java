package io.licenserelay.sync.watch;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.inventory.model.SsmAlert;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads SSM's own alerts for what concerns its synchronization with Cisco. The texts of SSM's alerts are not published, so
 * words are looked for, not sentences; an alert of severity major that none of them fits is passed on as it is.
 */
final class SsmAlertWords {
    private SsmAlertWords() {}

    static List<Finding> findings(List<SsmAlert> alerts) {
        return alerts.stream()
                .map(SsmAlertWords::finding)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Finding> finding(SsmAlert alert) {
        String words = (alert.messageType() + " " + alert.message()).toLowerCase(Locale.ROOT);
        String name = name(words, alert);
        String phrase =
                "SSM's own alert: " + alert.messageType() + (alert.message().isEmpty() ? "" : ": " + alert.message())
                        + " (" + alert.severity() + ", " + alert.source() + ")";
        return name.isEmpty() ? Optional.empty() : Optional.of(new Finding(name, phrase));
    }

    static boolean ofSynchronization(SsmAlert alert) {
        return (alert.messageType() + " " + alert.message())
                .toLowerCase(Locale.ROOT)
                .contains("synchroni");
    }

    private static String name(String words, SsmAlert alert) {
        boolean synchronization = ofSynchronization(alert);
        if (synchronization && words.contains("remov")) {
            return Findings.SSM_SYNC_REMOVAL;
        }
        if (synchronization && (words.contains("token") || words.contains("credential"))) {
            return Findings.SSM_TOKEN_EXPIRES_SOON;
        }
        if (synchronization && (words.contains("overdue") || words.contains("fail") || words.contains("not "))) {
            return Findings.SSM_SYNC_OVERDUE;
        }
        return alert.severity().equalsIgnoreCase("major") ? Findings.SSM_ALERT_MAJOR : "";
    }
}
