/**
 * Checks health and deadlines: closes resolved incidents about reports, reports missed deadlines, imports device status
 * outputs, and deletes content after its retention time.
 */
@NullMarked
package io.licenserelay.reports.health;

import org.jspecify.annotations.NullMarked;
