using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Models;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Interpretation.Labels;

/// <summary>A version and the data set whose labels it is to judge. Immutable.</summary>
public sealed class LabelCheckPlan
{
    /// <summary>Incremented when the same request gives other figures.</summary>
    private const string Revision = "labels-1";

    /// <summary>Images that are judged: of larger data sets as many, evenly spread.</summary>
    private const int MaxImages = 20_000;

    /// <summary>Most features in a table, images times features: 128 MiB of float64.</summary>
    private const int MaxValues = 1 << 24;

    private LabelCheckPlan(LoadedModel model, string folder, DatasetManifest dataset, LabelEvidence evidence, ResolvedLayer? features) =>
        (Model, Folder, Dataset, Evidence, Features) = (model, folder, dataset, evidence, features);

    /// <summary>What the labels are judged by.</summary>
    public LabelEvidence Evidence { get; }

    /// <summary>Changes with the version, the images and the way they are judged; hex.</summary>
    public string Key => ContentKey.Create(
        Revision, ContentKey.Content(Model), Model.Name, ContentKey.Text(Model.Version), Dataset.Name, Dataset.Digest,
        Evidence.ToWireName());

    internal LoadedModel Model { get; }

    internal string Folder { get; }

    internal DatasetManifest Dataset { get; }

    /// <summary>The layer whose means are the features; null where predictions are the evidence.</summary>
    internal ResolvedLayer? Features { get; }

    /// <summary>Positions of the images to judge.</summary>
    internal IReadOnlyList<int> Images
    {
        get
        {
            var (all, max) = (Dataset.Images.Count, Features is null ? MaxImages : Math.Min(MaxImages, MaxValues / Width(Features)));
            return EvenSpread.Of(all, max);
        }
    }

    /// <summary>True where the labels to judge are those that the version has learned.</summary>
    internal bool HasLearnedThem => Model.Manifest.Origin?.Dataset == Dataset.Name;

    /// <param name="model">The version.</param>
    /// <param name="folder">Folder of the data set.</param>
    /// <param name="dataset">Its content.</param>
    /// <param name="evidence">Null: predictions where the version knows every class, else features.</param>
    /// <returns>Problem codes: <c>labels.unknown-classes</c>, <c>labels.no-features</c>, <c>dataset.multi-label</c>.</returns>
    public static Outcome<LabelCheckPlan> Create(LoadedModel model, string folder, DatasetManifest dataset, LabelEvidence? evidence)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.RequireSingleLabel("A ranking of doubtful labels") is { } several)
        {
            return several;
        }

        string[] unknown = [.. dataset.Classes.Except(model.Manifest.Classes, StringComparer.Ordinal)];
        if ((evidence ?? (unknown.Length == 0 ? LabelEvidence.Predictions : LabelEvidence.Features)) == LabelEvidence.Predictions)
        {
            return unknown.Length == 0
                ? new LabelCheckPlan(model, folder, dataset, LabelEvidence.Predictions, null)
                : Problem.Unprocessable("labels.unknown-classes",
                    $"The {model.DisplayName} does not know the class{(unknown.Length > 1 ? "es" : "")} "
                    + $"{string.Join(", ", unknown.Take(20))} of '{dataset.Name}', so that its predictions cannot judge the labels; its "
                    + "features can: evidence=features.");
        }

        return model.RequireLayers().Bind<LabelCheckPlan>(layered => TransferNetwork.BeforeClassifier(layered.Network) is { } layer
            && Width(layer) <= LinearDiscriminant.MaxFeatures
            ? new LabelCheckPlan(model, folder, dataset, LabelEvidence.Features, layer)
            : Problem.Unprocessable("labels.no-features",
                $"The {model.DisplayName} has no layer of at most {LinearDiscriminant.MaxFeatures} features before its classifier."));
    }

    internal static int Width(ResolvedLayer layer) => layer.OutputShape.Channels;
}
