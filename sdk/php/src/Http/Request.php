<?php

declare(strict_types=1);

namespace Plasm\Http;

/** What is sent. */
final class Request
{
    /**
     * @param string                     $path    with its query
     * @param array<string, string>      $headers
     * @param string|null                $body    null: none, unless `read` gives it
     * @param \Closure(int): string|null $read    gives at most so many bytes of the body
     * @param int                        $length  of what `read` gives in all
     * @param int                        $most    bytes of the answer that are taken
     * @param float                      $silence seconds in which nothing comes that are borne
     */
    public function __construct(
        public readonly string $method,
        public readonly string $path,
        public readonly array $headers = [],
        public readonly ?string $body = null,
        public readonly ?\Closure $read = null,
        public readonly int $length = 0,
        public readonly int $most = 1 << 20,
        public readonly float $silence = 90,
    ) {
    }
}
