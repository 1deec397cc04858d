/**
 * Proves by a marker file and a row of the shared database that a folder is the same on every node of a cluster. A folder that is not mounted
 * looks empty, and what is written into it is lost for the other nodes: so a folder without its marker is neither read nor written.
 */
@NullMarked
package io.licenserelay.store.folders;

import org.jspecify.annotations.NullMarked;
