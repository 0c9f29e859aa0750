/** Child processes for work that may end a process. */
@NullMarked
package io.nuner.model.process;

import org.jspecify.annotations.NullMarked;
