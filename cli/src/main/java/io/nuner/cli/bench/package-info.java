/** {@code nuner bench}: puts load on a server, and prints what the load harness measured. */
@NullMarked
package io.nuner.cli.bench;

import org.jspecify.annotations.NullMarked;
