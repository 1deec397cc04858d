package io.licenserelay.inventory.model;

import io.licenserelay.config.site.Place;

/**
 * A virtual account whose lists are to be pulled.
 *
 * @param account the Smart Account of the virtual account
 * @param listed whether SSM still lists the virtual account
 */
public record VirtualAccountToPull(Account account, Place place, boolean listed) {}
