<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Document\InputTree;
use Plasm\Document\JobManifest;
use Plasm\Document\ManifestText;
use Plasm\Exception\MalformedException;
use Plasm\Io\Spool;
use Plasm\JobOrder;

/** What is sent for an order: the manifest, and the blobs that it refers to. */
final class JobPlan
{
    /** @param array<array-key, string|Spool> $blobs by digest: a file of this machine, or bytes */
    private function __construct(public readonly string $manifest, private readonly array $blobs)
    {
    }

    /** @throws MalformedException for what no manifest can hold */
    public static function of(JobOrder $order): self
    {
        $size = @filesize($order->wasmPath);
        $digest = @hash_file('sha256', $order->wasmPath);
        if ($size === false || $digest === false) {
            throw new MalformedException("module: no file that can be read at {$order->wasmPath}");
        }
        $blobs = [$digest => $order->wasmPath];
        $stdin = $order->stdin;
        $isInline = $stdin->size() <= JobManifest::MAX_INLINE_STDIN;
        if (!$isInline) {
            $blobs[$stdin->digest()] = $stdin;
        }
        $inputs = [];
        foreach ($order->inputs as $guest => $host) {
            [$text, $files] = FolderScan::of($host);
            $tree = Spool::of($text->tree);
            $layout = $text->layout === null ? null : Spool::of($text->layout);
            $blobs += $files + [$tree->digest() => $tree];
            if ($layout !== null) {
                $blobs[$layout->digest()] = $layout;
            }
            $inputs[] = new InputTree($guest, $tree->digest(), $layout?->digest());
        }
        $make = static fn (string $seed): JobManifest => new JobManifest(
            moduleDigest: $digest,
            moduleSize: (string) $size,
            args: [$order->programName(), ...$order->args],
            env: $order->env,
            stdinDigest: $stdin->digest(),
            stdinSize: (string) $stdin->size(),
            inlineStdin: $isInline && $stdin->size() > 0 ? $stdin->bytes() : null,
            inputs: $inputs,
            outputs: array_values(array_unique($order->outputs)),
            limits: $order->limits,
            profile: $order->profile,
            startTime: ($order->startTime ?? time()) === 0 ? '0' : ($order->startTime ?? time()) . '000000000',
            seed: $seed,
            nonce: $order->nonce,
            notAfter: $order->notAfter,
        );
        $text = ManifestText::of($make($order->seed ?? ManifestText::defaultSeed($make(str_repeat('0', 64)))));
        // What options and folders brought together is held to what every reader demands.
        JobManifest::parse($text);

        return new self($text, $blobs);
    }

    public function hasBlob(string $digest): bool
    {
        return isset($this->blobs[$digest]);
    }

    /**
     * At its start.
     *
     * @return array{resource, int} and how many bytes it has
     */
    public function openBlob(string $digest): array
    {
        $blob = $this->blobs[$digest];
        if ($blob instanceof Spool) {
            return [$blob->stream(), $blob->size()];
        }
        $file = @fopen($blob, 'rb');
        $status = $file === false ? false : fstat($file);
        if ($file === false || $status === false) {
            throw new MalformedException("$blob: can't be read any more");
        }

        return [$file, $status['size']];
    }
}
