package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import java.util.List;

/** An excerpt of a log and its findings. */
public record LogReading(LogExcerpt excerpt, List<Finding> findings) {}
