/** Contract tests, one class for each extension point. */
@NullMarked
package wherefore.testkit;

import org.jspecify.annotations.NullMarked;
