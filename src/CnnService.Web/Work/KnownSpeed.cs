using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Engines;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Work;

/// <summary>
/// How fast this machine trains and serves: timed once, in a process of its own, and kept in the data directory; timed again where the
/// machine was busy then and is less so now, and where the file was deleted. Thread safe.
/// </summary>
internal sealed class KnownSpeed(DataFolders folders, IConfiguration configuration, GpuShare gpu) : IDisposable
{
    private const string LoadFile = "/proc/loadavg";

    /// <summary>A load for each core above which others slow the machine down.</summary>
    private const double BusyLoad = 1.2;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private MachineSpeed? _known;

    /// <summary>What is known already; null: it has not been timed.</summary>
    public MachineSpeed? Find() => _known ??= Read();

    /// <summary>The measured speed; times it where that has not been done. A typical one where it cannot be timed.</summary>
    public async Task<MachineSpeed> GetAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            var known = Find();
            return known is not null && !IsToBeTimedAgain(known.Load, CurrentLoad())
                ? known
                : await MeasureAsync(cancel) ?? known ?? MachineSpeed.Typical(Environment.ProcessorCount);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Whether what was measured under a load says too little, and would say more under the present one.</summary>
    internal static bool IsToBeTimedAgain(double then, double now) => then > BusyLoad && now < then * 0.75;

    /// <summary>The load average of the last minute for each core; 0 where the system does not tell.</summary>
    private static double CurrentLoad() => File.Exists(LoadFile)
        && double.TryParse(File.ReadAllText(LoadFile).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load)
            ? load / Environment.ProcessorCount
            : 0;

    private async Task<MachineSpeed?> MeasureAsync(CancellationToken cancel)
    {
        var load = CurrentLoad();
        var start = OwnProcess.Start(SpeedChild.Verb, "once");
        OwnProcess.PassConfiguration(start, configuration, CnnEngines.Sections);
        gpu.PassTo(start);
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var measured = SpeedChild.Find(await process.StandardOutput.ReadToEndAsync(limit.Token));
            _known = measured is null ? _known : measured with { Load = Math.Round(load, 2) };
            await errors;
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        if (_known is { } kept)
        {
            DurableFile.Write(folders.Speed, JsonSerializer.SerializeToUtf8Bytes(kept, CoreJson.Indented));
        }

        return _known;
    }

    /// <summary>Null where there is no file, or it does not read: it is then timed again.</summary>
    private MachineSpeed? Read()
    {
        try
        {
            return File.Exists(folders.Speed)
                ? JsonSerializer.Deserialize<MachineSpeed>(RegularFile.ReadAllBytes(folders.Speed), CoreJson.Options)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
