<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Encoding\Utf8;

/** Writes manifests as spec/job.md section 7 says, and derives what stands in them. Pure. */
final class ManifestText
{
    public static function of(JobManifest $manifest): string
    {
        $stdin = ['sha256' => $manifest->stdinDigest, 'size' => $manifest->stdinSize];
        if ($manifest->inlineStdin !== null) {
            $stdin['base64'] = base64_encode($manifest->inlineStdin);
        }
        $members = self::head($manifest) + ['stdin' => $stdin] + self::tail($manifest, $manifest->seed);
        foreach (['requester' => $manifest->requester, 'nonce' => $manifest->nonce,
            'notAfter' => $manifest->notAfter === null ? null : self::time($manifest->notAfter->milliseconds),
            'placement' => self::placement($manifest),
            'retry' => $manifest->attempts === null ? null : ['attempts' => $manifest->attempts]] as $name => $value) {
            if ($value !== null) {
                $members[$name] = $value;
            }
        }

        return self::json($members);
    }

    /** spec/job.md section 5, in hex. */
    public static function defaultSeed(JobManifest $manifest): string
    {
        $bare = self::head($manifest) + ['stdin' => ['sha256' => hash('sha256', ''), 'size' => '0']]
            + self::tail($manifest, str_repeat('0', 64));

        return hash('sha256', "plasm-det-1 seed\n" . self::json($bare));
    }

    /**
     * `input.args` and `input.env` of a receipt: spec/receipt.md section 4.
     *
     * @param list<string> $elements
     */
    public static function listDigest(array $elements): string
    {
        return hash('sha256', implode('', array_map(static fn (string $element): string => $element . "\0", $elements)));
    }

    /** @return array<string, mixed> */
    private static function head(JobManifest $manifest): array
    {
        return [
            'type' => JobManifest::TYPE,
            'module' => ['sha256' => $manifest->moduleDigest, 'size' => $manifest->moduleSize],
            'args' => array_map(self::byteString(...), $manifest->args),
            'env' => array_map(self::byteString(...), $manifest->env),
        ];
    }

    /** @return array<string, mixed> */
    private static function tail(JobManifest $manifest, string $seed): array
    {
        return [
            'inputs' => array_map(static fn (InputTree $tree): array => ['guest' => self::byteString($tree->guest),
                'tree' => $tree->tree] + ($tree->layout === null ? [] : ['layout' => $tree->layout]), $manifest->inputs),
            'outputs' => array_map(self::byteString(...), $manifest->outputs),
            'limits' => $manifest->limits->toArray(),
            'profile' => $manifest->profile,
            'startTime' => $manifest->startTime,
            'seed' => $seed,
        ];
    }

    /** @return array<string, mixed>|null */
    private static function placement(JobManifest $manifest): ?array
    {
        if ($manifest->arch === null && $manifest->labels === null) {
            return null;
        }

        return ($manifest->arch === null ? [] : ['arch' => $manifest->arch])
            + ($manifest->labels === null ? [] : ['labels' => (object) $manifest->labels]);
    }

    /** @return string|array{base64: string} */
    private static function byteString(string $bytes): string|array
    {
        return Utf8::isValid($bytes) && !str_contains($bytes, "\0") ? $bytes : ['base64' => base64_encode($bytes)];
    }

    private static function time(int $milliseconds): string
    {
        $second = gmdate('Y-m-d\TH:i:s', intdiv($milliseconds, 1000));

        return $milliseconds % 1000 === 0 ? "{$second}Z" : sprintf('%s.%03dZ', $second, $milliseconds % 1000);
    }

    /** @param array<string, mixed> $members */
    private static function json(array $members): string
    {
        return json_encode(
            $members,
            JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS,
        );
    }
}
