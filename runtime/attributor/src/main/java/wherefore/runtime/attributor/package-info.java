/** Answers attribution requests: leases methods and backends, compiles, batches, accumulates. */
@NullMarked
package wherefore.runtime.attributor;

import org.jspecify.annotations.NullMarked;
