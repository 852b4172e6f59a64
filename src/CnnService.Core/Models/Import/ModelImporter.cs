using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>
/// Imports a third-party model file as a model package, on plain folders: detects the format, translates it, exports it anew and verifies
/// that both engines agree. The file is untrusted: run this in a process whose crash does no harm.
/// </summary>
public sealed class ModelImporter(
    INetworkRunnerFactory runners, IModelExporter exporter, IOnnxRunnerFactory onnx, IOnnxTranslator translator, TimeProvider time)
{
    /// <summary>A mean above this is one of bytes.</summary>
    private const float MostOfRescaled = 2;

    /// <summary>
    /// Imports the file. Blocks. Problem codes: <c>request.invalid</c>, <c>model.unsupported-format</c>, <c>model.archive</c>,
    /// <c>model.archive-too-large</c>, <c>safetensors.unreadable</c>,
    /// <c>weights.…</c>, those of <see cref="IOnnxTranslator"/>, <c>import.labels</c>, <c>export.parity</c>, <c>storage.full</c>.
    /// </summary>
    /// <param name="plan">The file and its parsed description.</param>
    /// <param name="folder">The package is written here; created if it does not exist.</param>
    /// <param name="cancel">Checked between steps.</param>
    public Outcome<ImportedModel> Run(ModelImportPlan plan, string folder, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var files = $"{folder.TrimEnd(Path.DirectorySeparatorChar)}.files";
        try
        {
            return ModelBundle.Unpack(plan, files).Bind(found =>
                ImportFile.DetectFormat(found.File).Bind(format => Import(found, format, folder, cancel)));
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new Problem(ProblemKind.StorageFull, "storage.full", "The disk is full; nothing of the import was kept.");
        }
        finally
        {
            if (Directory.Exists(files))
            {
                Directory.Delete(files, recursive: true);
            }
        }
    }

    private Outcome<ImportedModel> Import(ModelImportPlan plan, string format, string folder, CancellationToken cancel)
    {
        List<string> notes = [.. plan.Labels?.Notes ?? []];
        return Translate(plan, format, notes).Bind(translated => ResolveClasses(translated, plan.Labels?.Names, notes).Bind(classes =>
            ResolvePreprocessing(plan, translated, notes).Bind(preprocessing =>
                Publish(new(plan, format, translated, classes, preprocessing, notes), folder, cancel))));
    }

    private Outcome<TranslatedNetwork> Translate(ModelImportPlan plan, string format, List<string> notes)
    {
        var labels = plan.Labels?.Names.Count;
        if (format == ImportFile.Safetensors)
        {
            return SafetensorsTranslation.Read(plan.File, plan.Architecture, labels, notes);
        }

        var errors = new ValidationErrors();
        return errors.Require(plan.Architecture is null, "architecture", "belongs to weights alone: an ONNX file has its own")
            ? translator.Translate(new(plan.File) { Companions = plan.Companions, Labels = labels, Output = plan.Output }, notes)
            : Problem.Validation(errors);
    }

    private static Outcome<IReadOnlyList<string>> ResolveClasses(
        TranslatedNetwork translated, IReadOnlyList<string>? labels, List<string> notes)
    {
        var network = translated.Network;
        if (!network.HasClasses)
        {
            return Outcome.Success<IReadOnlyList<string>>([]);
        }

        var given = labels ?? translated.Classes;
        if (given is null)
        {
            notes.Add("No class names were given: the classes are numbered.");
        }

        var classes = given ?? ClassLabels.CreateNumbered(network.Classes);
        return classes.Count == network.Classes
            ? Outcome.Success(classes)
            : Problem.Unprocessable("import.labels",
                $"The labels must name the network's {network.Classes} classes, received {classes.Count}.");
    }

    private static Outcome<Preprocessing> ResolvePreprocessing(ModelImportPlan plan, TranslatedNetwork translated, List<string> notes) =>
        ChoosePreprocessing(plan, translated, notes)
            .Map(chosen => translated.MeanImage is { } subtracted ? chosen.Subtract(subtracted) : chosen);

    private static Outcome<Preprocessing> ChoosePreprocessing(ModelImportPlan plan, TranslatedNetwork translated, List<string> notes)
    {
        var input = translated.Network.Spec.Input;
        if (plan.Preprocessing is { } wanted)
        {
            var errors = new ValidationErrors();
            var made = wanted.Create(input.Channels, errors);
            errors.Require(made?.Fits(input) != false, "preprocessing.meanImage",
                $"must be as large as the network's input, {input.Height}x{input.Width}, received "
                + $"{made?.MeanImage?.Height}x{made?.MeanImage?.Width}");
            return errors.ToOutcome(made);
        }

        if (translated.Preprocessing is { } usual)
        {
            return usual;
        }

        var rescale = Preprocessing.Create(NormalizationKind.Rescale, input.Channels, [], []);
        if (translated.MeanImage is { } mean && mean.Values.IndexOfAnyExceptInRange(-MostOfRescaled, MostOfRescaled) >= 0)
        {
            return rescale with { Normalization = NormalizationKind.Custom, Scale = 1 }; // Its mean is that of bytes.
        }

        notes.Add(
            "Nothing says what the images went through before the network: rescale (divided by 255) is assumed. If its answers look "
            + "wrong, import it again with the field preprocessing.");
        return rescale;
    }

    private Outcome<ImportedModel> Publish(Ready ready, string folder, CancellationToken cancel)
    {
        if (!ready.Translated.Network.HasLayers)
        {
            return Write(ready, ready.Translated.Original!.Value.ToArray(), null, null, folder);
        }

        var (network, weights) = (ready.Translated.Network, ready.Translated.Weights);
        if (weights.All.FirstOrDefault(tensor => !tensor.Value.Data.All(float.IsFinite)) is { Key: { } unsound })
        {
            return Problem.Unprocessable("weights.not-finite",
                $"Weights must be finite float32 numbers, but '{unsound}' holds NaN or infinity.");
        }

        var file = exporter.Export(network, weights, ready.Classes, ready.Preprocessing, new() { NodeNames = ready.Translated.LayerNames });
        return onnx.Load(file, ready.Preprocessing).Bind(candidate =>
        {
            using var _ = candidate;
            using var reference = runners.Load(network, weights, ready.Preprocessing);
            var input = network.Spec.Input;
            using var images = new ProbeImages(input.Height, input.Width, input.Channels);
            return ParityCheck.Compare(reference, candidate, images, cancel)
                .MapProblem(difference => Problem.Unprocessable(
                    difference.Code, $"The two engines must agree on the network, and do not: {difference.Detail}"))
                .Bind(compared => CompareWithOriginal(ready, candidate, images, cancel).Match(
                    original => Write(ready, file, WithReference(compared, ParityReference.TorchSharp),
                        original is null ? null : WithReference(original, ParityReference.ImportedFile), folder),
                    problem => Publish(AsGraph(ready, problem), folder, cancel)));
        });
    }

    /// <summary>Verifies that the translated layers give the outputs of the original file.</summary>
    private Outcome<ParityReport?> CompareWithOriginal(Ready ready, INetworkRunner candidate, ProbeImages images, CancellationToken cancel)
    {
        if (ready.Translated.Original is not { } original)
        {
            return Outcome.Success<ParityReport?>(null);
        }

        return onnx.Load(original.ToArray(), ready.Preprocessing).Bind(runner =>
        {
            using (runner)
            {
                return ParityCheck.Compare(runner, candidate, images, cancel).Bind(report => Outcome.Success<ParityReport?>(report));
            }
        });
    }

    private static ParityReport WithReference(ParityReport compared, ParityReference reference) =>
        compared with { On = ParityImages.Generated, Reference = reference };

    private Ready AsGraph(Ready ready, Problem difference)
    {
        var reason = new UnsupportedNode("the whole", "", $"its layers give something else than the file: {difference.Detail}");
        return ready with
        {
            Translated = translator.AsGraph(ready.Translated, reason),
            Notes = [.. ready.Notes,
                $"Every operator is known, but the layers give something else than the file "
                + $"({difference.Detail}): it is served through OnnxRuntime as it is."],
        };
    }

    private ImportedModel Write(Ready ready, byte[] file, ParityReport? parity, ParityReport? againstFile, string folder)
    {
        var network = ready.Translated.Network;
        var report = new ModelImportReport(ready.Format, network.Layers.Count, network.Outputs, ready.Translated.Report, ready.Notes)
        {
            Unsupported = ready.Translated.Unsupported,
            Task = !network.HasClasses ? ImportedTask.Tensors
                : ready.Translated.IsMultiLabel ? ImportedTask.MultiLabel : ImportedTask.SingleLabel,
            FileOutputs = ready.Translated.FileOutputs,
            AgainstFile = againstFile,
        }.Truncated();
        return new(ModelPackage.Write(folder, Manifest(ready, parity, report), file, ready.Translated.Weights), report);
    }

    private ModelManifest Manifest(Ready ready, ParityReport? parity, ModelImportReport report) => new()
    {
        Classes = ready.Classes,
        Network = ready.Translated.Network.Spec,
        Architecture = ready.Translated.Architecture,
        Preprocessing = ready.Preprocessing,
        Source = ImportFile.Describe(ready.Plan.File, ready.Format, ready.Translated.LayerNames) with
        {
            Unsupported = ready.Translated.Unsupported
        },
        Import = report,
        FileInput = ready.Translated.FileInput,
        Parity = parity,
        Files = [],
        CreatedAt = time.GetUtcNow(),
    };

    private sealed record Ready(
        ModelImportPlan Plan, string Format, TranslatedNetwork Translated, IReadOnlyList<string> Classes, Preprocessing Preprocessing,
        IReadOnlyList<string> Notes);
}

/// <summary>The imported package and the report on the import.</summary>
public sealed record ImportedModel(ModelManifest Manifest, ModelImportReport Report);
