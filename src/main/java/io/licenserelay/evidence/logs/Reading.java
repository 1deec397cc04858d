package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Excerpt;
import io.licenserelay.evidence.Finding;
import java.util.List;

/** An excerpt of a log, and the facts read off it. */
public record Reading(Excerpt excerpt, List<Finding> findings) {}
