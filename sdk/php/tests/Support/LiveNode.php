<?php

declare(strict_types=1);

namespace Plasm\Tests\Support;

use PHPUnit\Framework\Assert;
use Plasm\Http\Credentials;
use Plasm\Io\TemporaryFolder;
use Plasm\Keys\PublicKey;

/** plasmd start with a data folder of its own; ready when made. */
final class LiveNode
{
    public readonly string $data;
    public string $url = '';
    private readonly TemporaryFolder $folder;
    private Background $process;

    /** @param array<string, string> $settings as environment variables */
    public function __construct(private readonly array $settings = [])
    {
        $this->folder = new TemporaryFolder();
        $this->data = "{$this->folder->path}/data";
        mkdir($this->data, 0700);
        $this->start();
    }

    public function start(): void
    {
        $listen = $this->url === '' ? '127.0.0.1:0' : substr($this->url, strlen('https://'));
        $environment = ['PLASM_LOG_FORMAT' => 'json', 'HOME' => $this->data, 'PATH' => (string) getenv('PATH')];
        $this->process = new Background(
            [Programs::plasmd(), 'start', '--data-dir', $this->data, '--listen', $listen],
            2,
            $environment + $this->settings,
        );
        $this->process->until(function (string $line): bool {
            $event = json_decode($line, true);
            if (($event['event'] ?? '') === 'listening' && !str_starts_with($event['address'], 'unix:')) {
                $this->url = "https://{$event['address']}";
            }

            return ($event['event'] ?? '') === 'ready';
        });
    }

    public function stop(): void
    {
        Assert::assertSame(0, $this->process->stop());
    }

    public function socket(): string
    {
        return "{$this->data}/plasmd.sock";
    }

    /** What is in its files counts on return. */
    private function reload(): void
    {
        $this->process->signal(SIGHUP);
        $this->process->until(static fn (string $line): bool => (json_decode($line, true)['event'] ?? '') === 'reloaded');
    }

    /** Its identity key, as its operator would tell it to you. */
    public function identity(): string
    {
        return Programs::run(['key', 'show', 'identity', '--data-dir', $this->data]);
    }

    public function token(string $name, string ...$flags): Credentials
    {
        $json = Programs::run(['token', 'create', $name, '--json', '--data-dir', $this->data, ...$flags]);

        $this->reload();

        return Credentials::token(json_decode($json, true, 4, JSON_THROW_ON_ERROR)['secret']);
    }

    /** A client's certificate that the node knows. */
    public function certificate(string $name): Credentials
    {
        $certificate = "{$this->folder->path}/$name.crt";
        $key = "{$this->folder->path}/$name.pem";
        $process = proc_open(['openssl', 'req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', "/CN=$name",
            '-keyout', $key, '-out', $certificate], [2 => ['file', '/dev/null', 'w']], $pipes);
        Assert::assertIsResource($process);
        Assert::assertSame(0, proc_close($process));
        $public = openssl_pkey_get_details(openssl_pkey_get_public((string) file_get_contents($certificate)) ?: Assert::fail());
        $der = base64_decode((string) preg_replace('/-----.*?-----|\s/', '', $public['key'] ?? ''), true);
        $openSsh = PublicKey::fromBytes(substr((string) $der, -32))->openSsh();
        Programs::run(['client', 'add', $name, $openSsh, '--data-dir', $this->data]);
        $this->reload();

        return Credentials::certificate($certificate, $key);
    }
}
