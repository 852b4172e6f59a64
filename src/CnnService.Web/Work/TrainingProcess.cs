using System.Diagnostics;
using System.Threading.Channels;
using CnnService.Engines;
using CnnService.Imaging.Codec;

namespace CnnService.Web.Work;

/// <summary>A training process as seen by its parent. Disposing kills the process if it is still running.</summary>
internal sealed class TrainingProcess : IAsyncDisposable
{
    private const int TailLines = 20;

    /// <summary>More accumulate only if the process does not read; the oldest are obsolete then.</summary>
    private const int MaxCommands = 64;

    private readonly Process _process;
    private readonly Channel<ChildCommand> _commands = Channel.CreateBounded<ChildCommand>(
        new BoundedChannelOptions(MaxCommands) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Task _sending;
    private readonly Queue<string> _tail = []; // The last lines other than messages; guarded by a lock on itself.

    private TrainingProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
        _sending = SendAllAsync();
    }

    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines it printed other than messages, for diagnosis.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    public static TrainingProcess Start(string folder, string pixelCache, IConfiguration configuration, GpuShare gpu) =>
        new(Process.Start(Command(folder, pixelCache, configuration, gpu))!);

    /// <summary>The command, with the settings of the engines and the process's part of the GPU in its environment.</summary>
    internal static ProcessStartInfo Command(string folder, string pixelCache, IConfiguration configuration, GpuShare gpu)
    {
        var start = OwnProcess.Start(TrainingChild.Verb, folder);
        OwnProcess.PassConfiguration(start, configuration, CnnEngines.Sections);
        gpu.PassTo(start);
        start.Environment[$"{ImagingOptions.Section}__{nameof(ImagingOptions.PixelCacheFolder)}"] = pixelCache;
        return start;
    }

    /// <summary>Its messages, until it closes its output and exits.</summary>
    public async IAsyncEnumerable<ChildMessage> MessagesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ChildMessage.Parse(line) is { } message)
            {
                yield return message;
            }
            else
            {
                Remember(line);
            }
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a command. Commands are written in order; those to a process that has ended are discarded.</summary>
    public void Send(ChildCommand command) => _commands.Writer.TryWrite(command);

    public void Kill() => _process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _commands.Writer.Complete();
        await _sending;
        _process.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var command in _commands.Reader.ReadAllAsync())
            {
                await _process.StandardInput.WriteLineAsync(command.ToLine());
                await _process.StandardInput.FlushAsync();
            }
        }
        catch (IOException)
        {
            // The process has ended; its exit code tells the rest.
        }
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            _tail.Enqueue(line);
            while (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }
}
