/** How the process is told to stop, and how it ends. */
@NullMarked
package io.nuner.cli.stop;

import org.jspecify.annotations.NullMarked;
