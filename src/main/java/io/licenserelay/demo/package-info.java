/**
 * What stands in for the outside world in the demo, in {@code license-relay simulate} and in tests: an SSM server with
 * faults that can be switched, and a Kafka broker, both real servers on loopback. Nothing here is in the production image.
 */
@NullMarked
package io.licenserelay.demo;

import org.jspecify.annotations.NullMarked;
