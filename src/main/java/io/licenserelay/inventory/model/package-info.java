/** The records of an inventory: accounts, virtual accounts, licenses, subscriptions, devices, alerts. */
@NullMarked
package io.licenserelay.inventory.model;

import org.jspecify.annotations.NullMarked;
