/**
 * Looks at a site's SSM from outside: names, connections, certificates, answers. Every probe only looks: no credential
 * and no request that changes anything leaves from here. What the findings mean together is decided elsewhere.
 */
@NullMarked
package io.licenserelay.evidence.probes;

import org.jspecify.annotations.NullMarked;
