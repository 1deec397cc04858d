/**
 * Collects the evidence of a failure: every probe and every log tail side by side, under one deadline. In the relay the route
 * {@code evidence-SITE} does it, with a route of its own for each probe and each kind of log; {@link
 * io.licenserelay.evidence.collect.Collector} does the same for commands, which start no routes.
 *
 * <p>Results come in the order of the tasks. The first result of a task counts: what a task reports after its deadline changes nothing. A
 * task that throws, is late or never began is in the evidence as that, and the other tasks go on. What a probe observes is decided in
 * {@code evidence.probes}, what a log says in {@code evidence.logs}.
 */
@NullMarked
package io.licenserelay.evidence.collect;

import org.jspecify.annotations.NullMarked;
