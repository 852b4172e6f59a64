using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Web.Hosting;

namespace CnnService.Web.Features.Train;

/// <summary>Holds a request to every rule that can be told from itself, and makes the plan once its data set is known.</summary>
internal static class TrainRequestReader
{
    private const string DefaultArchitecture = "article-cnn";
    private const string Custom = "custom";
    private const string NotYet = "is not supported yet";
    private const int MostEpochs = 10_000;
    private const int MostBatch = 4096;
    private const long MostSeed = (1L << 53) - 1;

    /// <summary>The request, as far as it reads; null where the body is no object. Every broken rule is among the errors.</summary>
    public static TrainRequest? Read(JsonElement body, ValidationErrors errors)
    {
        if (JsonRequest.Read<TrainRequest>(body, errors) is not { } request)
        {
            return null;
        }

        if (request.Dataset.Length == 0)
        {
            errors.Add("dataset", "must be given");
        }

        CheckNames(request, errors);
        CheckNumbers(request, errors);
        CheckUnsupported(request, errors);
        return request;
    }

    /// <summary>The network for this data set; null if errors were added.</summary>
    public static (string Name, ResolvedNetwork Network)? Network(TrainRequest request, int classes, int channels, ValidationErrors errors)
    {
        var json = request.Architecture;
        var name = json is null or { ValueKind: JsonValueKind.Null } ? DefaultArchitecture : json.Value.ValueKind == JsonValueKind.String ? json.Value.GetString()! : Custom;
        NetworkSpec? spec;
        if (name != Custom)
        {
            if (!PresetCatalog.TryFind(name, out var preset))
            {
                errors.Add("architecture", $"must be one of {string.Join(", ", PresetCatalog.Names)} or an object, received \"{name}\"");
                return null;
            }

            var input = preset.DefaultInput;
            spec = preset.Create(classes, new InputSpec(request.ImageSize ?? input.Height, request.ImageSize ?? input.Width, channels));
        }
        else
        {
            errors.Require(request.ImageSize is null, "imageSize", "goes with a preset only; a network of your own says its size under architecture.input");
            spec = NetworkSpecJson.Read(json!.Value, errors);
        }

        var network = spec is null ? null : NetworkSpecValidator.Resolve(spec, Math.Max(2, classes), errors);
        return network is null ? null : (name, network);
    }

    /// <summary>Everything the run depends on.</summary>
    public static TrainingPlan Plan(
        string id, TrainRequest request, DatasetManifest dataset, string folder, string architecture, ResolvedNetwork network, TimeSpan checkpointEvery, int threads)
    {
        var channels = network.Spec.Input.Channels;
        return new TrainingPlan
        {
            RunId = id,
            Dataset = dataset.Name,
            DatasetFolder = folder,
            DatasetDigest = dataset.Digest,
            Classes = dataset.Classes,
            Architecture = architecture,
            Network = network.Spec,
            Preprocessing = Preprocessing.Create(request.Normalization, channels, Channels(dataset.Mean, channels), Channels(dataset.Std, channels)),
            Epochs = request.Epochs,
            BatchSize = request.BatchSize,
            Seed = request.Seed,
            Optimizer = new OptimizerSpec { LearningRate = request.Optimizer.LearningRate, WeightDecay = request.Optimizer.WeightDecay },
            Precision = request.Precision,
            Device = request.Device,
            EarlyStopping = request.EarlyStopping,
            Threads = threads,
            CheckpointEvery = checkpointEvery,
        };
    }

    /// <summary>A grey data set under a colour network repeats its channel; the other way round takes the mean.</summary>
    private static IReadOnlyList<double> Channels(IReadOnlyList<double> values, int channels) =>
        values.Count == channels ? values : channels == 3 ? [values[0], values[0], values[0]] : [values.Average()];

    private static void CheckNames(TrainRequest request, ValidationErrors errors)
    {
        errors.Require(request.Dataset.Length == 0 || ResourceName.IsValid(request.Dataset), "dataset", $"{ResourceName.Rule}, received \"{request.Dataset}\"");
        errors.Require(request.Model is null || ResourceName.IsValid(request.Model), "model", $"{ResourceName.Rule}, received \"{request.Model}\"");
        errors.Require(request.Optimizer.Name == "adam", "optimizer.name", $"must be adam (others are not supported yet), received \"{request.Optimizer.Name}\"");
        errors.Require(request.Schedule.Name == "constant", "schedule.name", $"must be constant (others are not supported yet), received \"{request.Schedule.Name}\"");
    }

    private static void CheckNumbers(TrainRequest request, ValidationErrors errors)
    {
        Range(request.Epochs, 1, MostEpochs, "epochs");
        Range(request.BatchSize, 1, MostBatch, "batchSize");
        Range(request.Seed, 0, MostSeed, "seed");
        Range(request.ImageSize ?? 8, 8, 1024, "imageSize");
        Range(request.EarlyStopping?.Patience ?? 1, 1, 1000, "earlyStopping.patience");
        var (rate, decay) = (request.Optimizer.LearningRate, request.Optimizer.WeightDecay);
        errors.Require(rate is > 0 and <= 10, "optimizer.learningRate", FormattableString.Invariant($"must be above 0 and at most 10, received {rate}"));
        errors.Require(decay is >= 0 and <= 1, "optimizer.weightDecay", FormattableString.Invariant($"must be between 0 and 1, received {decay}"));

        void Range(long value, long low, long high, string path) =>
            errors.Require(value >= low && value <= high, path, FormattableString.Invariant($"must be between {low} and {high}, received {value}"));
    }

    private static void CheckUnsupported(TrainRequest request, ValidationErrors errors)
    {
        errors.Require(request.Normalization != NormalizationKind.Whiten, "normalization", $"whiten {NotYet}");
        errors.Require(IsAbsent(request.StartFrom), "startFrom", NotYet);
        errors.Require(IsAbsent(request.Freeze), "freeze", NotYet);
        var none = IsAbsent(request.Augmentation) || request.Augmentation is { ValueKind: JsonValueKind.String } text && text.GetString() == "none";
        errors.Require(none, "augmentation", $"must be \"none\" (others are not supported yet), received {(none ? "" : request.Augmentation!.Value.GetRawText())}");
    }

    private static bool IsAbsent(JsonElement? json) => json is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined };
}
