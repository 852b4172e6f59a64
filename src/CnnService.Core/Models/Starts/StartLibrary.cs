using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Models.Starts;

/// <summary>
/// Loads trained starts as models. Their files are checked by their hashes and imported as layers when one is first asked for; the package
/// is kept for the next time. Thread safe: concurrent calls share one import.
/// </summary>
/// <param name="catalog">Finds the starts.</param>
/// <param name="folders">Where packages are kept.</param>
/// <param name="import">Carries the imports out.</param>
/// <param name="tensors">Reads constants of ONNX files.</param>
public sealed class StartLibrary(StartCatalog catalog, StartFolders folders, IStartImport import, IOnnxConstants tensors)
{
    /// <summary>Raised when the same files would give another package.</summary>
    private const string Generation = "1";

    private const string Damaged = "start.damaged";

    /// <summary>When a caller who was told to ask again should do so.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<Outcome<LoadedModel>>>> _loaded = new(StringComparer.Ordinal);

    public StartCatalog Catalog => catalog;

    /// <summary>How long one call waits for the first import of a start, which outlives the call; for ever by default.</summary>
    public TimeSpan Patience { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// The start as a model of that name. Problem codes: those of <see cref="StartCatalog.Find"/> and of the import, and
    /// <c>start.damaged</c> where its files are not what its manifest says; <c>start.preparing</c> where its import takes longer than
    /// <see cref="Patience"/>.
    /// </summary>
    /// <param name="name">The start's name.</param>
    /// <param name="cancel">Ends the waiting; an import that others may wait for goes on.</param>
    public Task<Outcome<LoadedModel>> LoadAsync(string name, CancellationToken cancel = default) =>
        catalog.Find(name).BindAsync(start => LoadAsync(start, cancel));

    private async Task<Outcome<LoadedModel>> LoadAsync(Start start, CancellationToken cancel)
    {
        var folder = Path.Combine(folders.Prepared, start.Name, Key(start.Manifest)[..16]);
        var loading = _loaded.GetOrAdd(folder, _ => new(() => Task.Run(() => PrepareAsync(start, folder), CancellationToken.None)));
        Outcome<LoadedModel> loaded;
        try
        {
            loaded = await loading.Value.WaitAsync(Patience, cancel);
        }
        catch (TimeoutException)
        {
            return new Problem(ProblemKind.Unavailable, "start.preparing",
                $"'{start.Name}' is being imported, once and for all, on a machine that has other work: ask again in some seconds.")
            { RetryAfter = Pause };
        }

        if (!loaded.Succeeded || !Directory.Exists(folder))
        {
            _loaded.TryRemove(KeyValuePair.Create(folder, loading)); // The next call tries again.
        }

        return loaded;
    }

    private static string Key(StartManifest manifest) =>
        ContentKey.Create(Generation, JsonSerializer.Serialize(manifest, CoreJson.Options));

    private async Task<Outcome<LoadedModel>> PrepareAsync(Start start, string folder) => Load(start, folder) is { Succeeded: true } kept
        ? kept
        : await PlanImport(start).BindAsync(plan => ImportAsync(start, plan, folder));

    private async Task<Outcome<LoadedModel>> ImportAsync(Start start, ModelImportPlan plan, string folder)
    {
        var work = $"{folder}{DurableFile.TemporaryMark}{Guid.NewGuid():N}";
        Directory.CreateDirectory(work);
        try
        {
            var imported = await import.ImportAsync(plan, work, CancellationToken.None);
            return imported.Bind(package =>
            {
                Publish(package, folder);
                return Load(start, folder);
            });
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Replaces an unusable package; where another process was faster, its package stays.</summary>
    private static void Publish(string package, string folder)
    {
        if (Directory.Exists(folder) && !ModelPackage.Verify(folder).Succeeded)
        {
            Directory.Delete(folder, recursive: true);
        }

        try
        {
            DurableFile.PublishFolder(package, folder);
        }
        catch (IOException) when (ModelPackage.Verify(folder).Succeeded)
        {
            // Prepared by another process meanwhile.
        }
    }

    private static Outcome<LoadedModel> Load(Start start, string folder) => ModelPackage.Load(start.Name, 1, folder)
        .Map(model => model with { DisplayName = $"start '{start.Name}'" })
        .Check(model => Differs(start.Manifest, model));

    private static Problem? Differs(StartManifest manifest, LoadedModel model) =>
        !model.HasLayers || model.Network.Spec.Input != manifest.Input || model.Network.Output.OutputShape.Elements != manifest.Features
            ? new(ProblemKind.Unavailable, Damaged,
                $"The start '{manifest.Name}' must be a network of layers from {manifest.Input.Shape} to {manifest.Features} features, but "
                + $"its file gives {model.Network.Output.OutputShape.Elements} from {model.Network.Spec.Input.Shape}.")
            : null;

    private Outcome<ModelImportPlan> PlanImport(Start start)
    {
        var manifest = start.Manifest;
        return CheckHash(start, manifest.File, manifest.Sha256).Bind(_ => MeanImage(start)).Map(meanImage => new ModelImportPlan(
            start.File, null, null, new(NormalizationKind.Custom, manifest.Preprocessing with
            {
                Mean = meanImage is null ? manifest.Preprocessing.Mean : ChannelMeans(meanImage),
                MeanImage = meanImage ?? manifest.Preprocessing.MeanImage,
            })));
    }

    private Outcome<MeanImage?> MeanImage(Start start)
    {
        if (start.Manifest.MeanImage is not { } stored)
        {
            return Outcome.Success<MeanImage?>(null);
        }

        return CheckHash(start, stored.File, stored.Sha256).Bind(path => tensors.Read(path, stored.Tensor)).Bind(tensor =>
            tensor.Shape is [.., var channels, var height, var width] && tensor.Data.Length == channels * height * width
                ? Outcome.Success<MeanImage?>(Models.MeanImage.Create(tensor.Data, height, width))
                : new Problem(ProblemKind.Unavailable, Damaged,
                    $"The mean image of the start '{start.Name}' must be [C, height, width], received "
                    + $"[{string.Join(", ", tensor.Shape)}]."));
    }

    private static double[] ChannelMeans(MeanImage meanImage)
    {
        var area = meanImage.Height * meanImage.Width;
        return [.. meanImage.Values.ToArray().Chunk(area).Select(plane => plane.Average(value => (double)value))];
    }

    private static Outcome<string> CheckHash(Start start, string file, string expected)
    {
        var path = Path.Combine(start.Folder, file);
        using var stream = RegularFile.OpenRead(path);
        var actual = Convert.ToHexStringLower(SHA256.HashData(stream));
        return actual == expected ? path : new Problem(ProblemKind.Unavailable, Damaged,
            $"The file '{file}' of the start '{start.Name}' must have the SHA-256 {expected}, received {actual}.");
    }
}
