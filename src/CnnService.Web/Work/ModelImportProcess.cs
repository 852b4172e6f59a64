using System.Diagnostics;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Engines;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>
/// Imports foreign model files in a child process, so that a file that crashes it, exhausts its memory or never finishes does no harm. The
/// package is read by the service only after the child has reported success. Thread safe.
/// </summary>
internal sealed class ModelImportProcess(IConfiguration configuration, IOptions<ModelImportOptions> options) : IDisposable
{
    private const int BytesPerSecond = 4 << 20;
    private const int MemoryPerByte = 10;
    private const int ErrorCharacters = 300;

    private readonly SemaphoreSlim _slots = new(options.Value.ParallelImports, options.Value.ParallelImports);

    /// <summary>
    /// Imports the plan's file; the package is written to <see cref="ModelImportChild.PackageFolder"/> below the folder. Problems: those
    /// of <see cref="ModelImporter"/>, and <c>import.refused</c> if the child timed out or died without a result.
    /// </summary>
    /// <param name="plan">What to import.</param>
    /// <param name="folder">Where the process works.</param>
    /// <param name="cancel">Ends the process.</param>
    public async Task<Outcome<ModelImportReport>> RunAsync(ModelImportPlan plan, string folder, CancellationToken cancel)
    {
        await _slots.WaitAsync(cancel);
        try
        {
            return await RunOwnAsync(plan, folder, 1, cancel);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>
    /// As <see cref="RunAsync"/>, but without waiting for the files of others: of what the service itself brings there are few.
    /// </summary>
    /// <param name="plan">What to import.</param>
    /// <param name="folder">Where the process works.</param>
    /// <param name="patience">How many times <see cref="ModelImportOptions.ImportTimeout"/> it may take.</param>
    /// <param name="cancel">Ends the process.</param>
    public async Task<Outcome<ModelImportReport>> RunOwnAsync(
        ModelImportPlan plan, string folder, int patience, CancellationToken cancel)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, ModelImportChild.PlanFile),
            JsonSerializer.SerializeToUtf8Bytes(plan, CoreJson.Options), cancel);
        return await FollowAsync(Command(plan, folder), patience * Timeout(plan), cancel);
    }

    public void Dispose() => _slots.Dispose();

    private TimeSpan Timeout(ModelImportPlan plan) =>
        options.Value.ImportTimeout + TimeSpan.FromSeconds((double)plan.CountBytes() / BytesPerSecond);

    private ProcessStartInfo Command(ModelImportPlan plan, string folder)
    {
        var start = OwnProcess.Start(ModelImportChild.Verb, folder);
        OwnProcess.PassConfiguration(start, configuration, CnnEngines.Sections);
        var memory = ((long)options.Value.ImportMemoryMebibytes << 20) + (MemoryPerByte * plan.CountBytes());
        start.Environment["DOTNET_GCHeapHardLimit"] = (memory / 2).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        OwnProcess.Limit(start, memory);
        return start;
    }

    private static async Task<Outcome<ModelImportReport>> FollowAsync(ProcessStartInfo command, TimeSpan timeout, CancellationToken cancel)
    {
        using var process = Process.Start(command)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return Read(await output, await error, process.ExitCode);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Problem.Unprocessable("import.refused",
                $"The file was not opened within {timeout.TotalSeconds:F0} s (Models:ImportTimeout): it is damaged, exceeds the limits of "
                + "an import, or this machine is too busy to open it now.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Outcome<ModelImportReport> Read(string output, string error, int code) => ModelImportAnswer.Find(output) switch
    {
        { Problem: { } problem } => problem,
        { Report: { } report } => report,
        _ => Refused(
            $"ended the process that opened it (exit code {code}"
            + $"{(error.Length == 0 ? "" : $": {error.Trim()[..Math.Min(error.Trim().Length, ErrorCharacters)]}")})"),
    };

    private static Problem Refused(string what) =>
        Problem.Unprocessable("import.refused", $"The file {what}: it is damaged, or exceeds the limits of an import.");
}
