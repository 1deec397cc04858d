/**
 * SSM's interface: tokens, requests, answers and what their failures mean. It knows wire formats; what an inventory is,
 * it is told by the inventory's records.
 */
@NullMarked
package io.licenserelay.ssm;

import org.jspecify.annotations.NullMarked;
