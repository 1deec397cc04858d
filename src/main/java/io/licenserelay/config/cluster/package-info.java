/**
 * What a relay shares with other relays: the name of this node and the database that holds the state of all nodes. The values are checked
 * when the configuration is read. This package opens no connection.
 */
@NullMarked
package io.licenserelay.config.cluster;

import org.jspecify.annotations.NullMarked;
