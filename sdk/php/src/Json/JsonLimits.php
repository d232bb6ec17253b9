<?php

declare(strict_types=1);

namespace Plasm\Json;

/** How much of a JSON text is read at most. */
final class JsonLimits
{
    /**
     * @param int $bytes  of the text
     * @param int $depth  of objects and arrays in each other
     * @param int $values of every kind, the outermost included
     */
    public function __construct(
        public readonly int $bytes,
        public readonly int $depth = 16,
        public readonly int $values = 262_144,
    ) {
    }
}
