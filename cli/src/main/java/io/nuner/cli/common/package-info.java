/** What several commands share: options, exit codes, addresses, output files, progress. */
@NullMarked
package io.nuner.cli.common;

import org.jspecify.annotations.NullMarked;
