<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Encoding\Moment;
use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;

/** A job manifest: spec/job.md. */
final class JobManifest
{
    public const TYPE = 'urn:plasm:job:v1';
    public const MEDIA_TYPE = 'application/vnd.plasm.job.v1+json';
    public const MAX_BYTES = 4 << 20;
    public const MAX_INLINE_STDIN = 65_536;

    /**
     * @param string                     $moduleSize decimal
     * @param list<string>               $args       bytes; the first is the program's name
     * @param list<string>               $env        bytes, KEY=value
     * @param string                     $stdinSize  decimal
     * @param list<InputTree>            $inputs
     * @param list<string>               $outputs    bytes: guest paths to keep
     * @param string                     $startTime  decimal, nanoseconds since 1970
     * @param array<string, string>|null $labels     of placement
     */
    public function __construct(
        public readonly string $moduleDigest,
        public readonly string $moduleSize,
        public readonly array $args,
        public readonly array $env,
        public readonly string $stdinDigest,
        public readonly string $stdinSize,
        public readonly ?string $inlineStdin,
        public readonly array $inputs,
        public readonly array $outputs,
        public readonly Limits $limits,
        public readonly string $profile,
        public readonly string $startTime,
        public readonly string $seed,
        public readonly ?string $requester = null,
        public readonly ?string $nonce = null,
        public readonly ?Moment $notAfter = null,
        public readonly ?string $arch = null,
        public readonly ?array $labels = null,
        public readonly ?int $attempts = null,
    ) {
    }

    /** @throws MalformedException */
    public static function parse(string $json): self
    {
        $node = Node::parse($json, 'manifest', new JsonLimits(self::MAX_BYTES));
        $node->members(
            ['type', 'module', 'args', 'env', 'stdin', 'inputs', 'outputs', 'limits', 'profile', 'startTime', 'seed'],
            ['requester', 'nonce', 'notAfter', 'placement', 'retry'],
        );
        $node->get('type')->is(self::TYPE);
        $module = $node->get('module')->members(['sha256', 'size']);
        $stdin = $node->get('stdin')->members(['sha256', 'size'], ['base64']);
        $placement = $node->has('placement') ? $node->get('placement')->members([], ['arch', 'labels']) : null;

        return new self(
            moduleDigest: $module->get('sha256')->digest(),
            moduleSize: $module->get('size')->decimal(),
            args: self::arguments($node->get('args')),
            env: self::environment($node->get('env')),
            stdinDigest: $stdin->get('sha256')->digest(),
            stdinSize: $stdin->get('size')->decimal(),
            inlineStdin: self::inlineStdin($stdin),
            inputs: InputTree::readAll($node->get('inputs')),
            outputs: self::outputs($node->get('outputs')),
            limits: Limits::read($node->get('limits')),
            profile: $node->get('profile')->oneOf(['plasm-det-1', 'live']),
            startTime: $node->get('startTime')->decimal(),
            seed: $node->get('seed')->digest(),
            requester: $node->has('requester') ? $node->get('requester')->fingerprint() : null,
            nonce: $node->has('nonce') ? $node->get('nonce')->nonce() : null,
            notAfter: $node->has('notAfter') ? $node->get('notAfter')->time() : null,
            arch: $placement?->has('arch') ? $placement->get('arch')->word() : null,
            labels: $placement?->has('labels') ? self::labels($placement->get('labels')) : null,
            attempts: $node->has('retry')
                ? $node->get('retry')->members(['attempts'])->get('attempts')->integer(1, 100) : null,
        );
    }

    /** @return list<string> */
    private static function arguments(Node $node): array
    {
        return array_map(static function (Node $item): string {
            $bytes = $item->byteString();

            return str_contains($bytes, "\0") ? $item->refuse('a NUL', 'none') : $bytes;
        }, $node->items());
    }

    /** @return list<string> */
    private static function environment(Node $node): array
    {
        $elements = self::arguments($node);
        foreach ($elements as $index => $element) {
            if (strpos($element, '=') < 1) {
                $node->items()[$index]->refuse('no key', 'KEY=value');
            }
        }

        return $elements;
    }

    /** @return list<string> */
    private static function outputs(Node $node): array
    {
        $paths = array_map(static fn (Node $item): string => $item->guestPath(), $node->items());
        if (count(array_unique($paths)) !== count($paths)) {
            $node->refuse('a path twice', 'each once');
        }

        return $paths;
    }

    private static function inlineStdin(Node $stdin): ?string
    {
        if (!$stdin->has('base64')) {
            return null;
        }
        $bytes = $stdin->get('base64')->base64();
        if (strlen($bytes) > self::MAX_INLINE_STDIN || (string) strlen($bytes) !== $stdin->get('size')->decimal()
            || hash('sha256', $bytes) !== $stdin->get('sha256')->digest()) {
            $stdin->get('base64')->refuse('other bytes', 'at most 64 KiB of the size and digest beside it');
        }

        return $bytes;
    }

    /** @return array<string, string> */
    private static function labels(Node $node): array
    {
        $labels = [];
        foreach ($node->object()->names() as $name) {
            $labels[$name] = $node->get($name)->string();
        }

        return $labels;
    }
}
