using System.CommandLine;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Cli.Commands;

/// <summary>cnn train: from an archive or folder of pictures to a model folder. Interrupted, the same command goes on.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string> Data = new("data") { Description = "A folder or a zip, tar or tar.gz of <class>/… or <split>/<class>/…; or \"shapes\", the generated sample." };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "The model's folder.", Required = true };
    private static readonly Option<string> Architecture = new("--architecture") { Description = "A preset's name or a JSON file.", DefaultValueFactory = _ => "article-cnn" };
    private static readonly Option<int?> ImageSize = new("--image-size") { Description = "Side of a preset's input in pixels." };
    private static readonly Option<int> Epochs = new("--epochs") { DefaultValueFactory = _ => 30 };
    private static readonly Option<int> BatchSize = new("--batch-size") { DefaultValueFactory = _ => 32 };
    private static readonly Option<double> LearningRate = new("--learning-rate") { DefaultValueFactory = _ => 0.0001 };
    private static readonly Option<long> Seed = new("--seed") { DefaultValueFactory = _ => 42 };
    private static readonly Option<Precision> Precision = new("--precision") { Description = "auto, float32 or bfloat16.", DefaultValueFactory = _ => Core.Training.Precision.Auto };
    private static readonly Option<int> Threads = new("--threads") { Description = "0: all cores." };

    public static Command Create()
    {
        var command = new Command("train", "Train a network and write it as a model folder: ONNX, weights, manifest, evaluation.")
        {
            Data, Out, Architecture, ImageSize, Epochs, BatchSize, LearningRate, Seed, Precision, Threads,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var target = arguments.GetRequiredValue(Out);
        var work = Directory.CreateDirectory(target.FullName.TrimEnd('/') + ".work").FullName;
        await using var services = Engines.Create(Path.Combine(work, "pixels"));
        var dataset = Import(services, arguments.GetRequiredValue(Data), work, cancel);
        var plan = dataset.Then(manifest => Plan(arguments, manifest, Path.Combine(work, "dataset")));
        try
        {
            var pipeline = ActivatorUtilities.CreateInstance<TrainingPipeline>(services);
            var model = plan.Then(whole => pipeline.Run(whole, work, new ConsoleObserver(Console.Out), cancel));
            return model.Problem is { } problem ? Engines.Fail(problem) : Publish(work, target);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped at a checkpoint; the same command goes on from there.").ConfigureAwait(false);
            return 1;
        }
    }

    private static Outcome<DatasetManifest> Import(ServiceProvider services, string data, string work, CancellationToken cancel)
    {
        var folder = Path.Combine(work, "dataset");
        if (DatasetFolder.ReadManifest(folder) is { Succeeded: true } known)
        {
            return known;
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var origin = Directory.Exists(data) ? DatasetOrigin.Folder : File.Exists(data) ? DatasetOrigin.Archive : data == "shapes" ? DatasetOrigin.Sample : (DatasetOrigin?)null;
        return origin is null
            ? Problem.NotFound("dataset.not-found", $"There is no file or folder '{data}'.")
            : services.GetRequiredService<IDatasetImporter>().Import(
                new DatasetImport { Name = "data", Origin = origin.Value, Source = data, Folder = Directory.CreateDirectory(folder).FullName },
                new Progress<ImportProgress>(), cancel);
    }

    private static Outcome<TrainingPlan> Plan(ParseResult arguments, DatasetManifest dataset, string folder)
    {
        var errors = new ValidationErrors();
        var network = Network(arguments, dataset, errors);
        errors.Require(dataset.Classes.Count > 1, "data", $"must have two classes, received {dataset.Classes.Count}");
        errors.Require(arguments.GetValue(Epochs) is >= 1 and <= 10_000, "--epochs", "must be between 1 and 10000");
        errors.Require(arguments.GetValue(BatchSize) is >= 1 and <= 4096, "--batch-size", "must be between 1 and 4096");
        errors.Require(arguments.GetValue(LearningRate) is > 0 and <= 10, "--learning-rate", "must be above 0 and at most 10");
        if (network is null || errors.Any)
        {
            return Problem.Validation(errors);
        }

        return new TrainingPlan
        {
            RunId = dataset.Digest[..16],
            Dataset = dataset.Name,
            DatasetFolder = folder,
            DatasetDigest = dataset.Digest,
            Classes = dataset.Classes,
            Architecture = arguments.GetValue(Architecture)!,
            Network = network.Spec,
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, network.Spec.Input.Channels, dataset.Mean, dataset.Std),
            Epochs = arguments.GetValue(Epochs),
            BatchSize = arguments.GetValue(BatchSize),
            Seed = arguments.GetValue(Seed),
            Optimizer = new OptimizerSpec { LearningRate = arguments.GetValue(LearningRate) },
            Precision = arguments.GetValue(Precision),
            Threads = arguments.GetValue(Threads),
        };
    }

    private static ResolvedNetwork? Network(ParseResult arguments, DatasetManifest dataset, ValidationErrors errors)
    {
        var wanted = arguments.GetValue(Architecture)!;
        var spec = PresetCatalog.TryFind(wanted, out var preset)
            ? preset.Create(dataset.Classes.Count, Input(preset.DefaultInput, arguments.GetValue(ImageSize), dataset.Channels))
            : File.Exists(wanted) ? NetworkSpecJson.Read(File.ReadAllBytes(wanted), errors, "--architecture") : null;
        errors.Require(spec is not null || errors.Any, "--architecture", $"must be a JSON file or one of {string.Join(", ", PresetCatalog.Names)}, received \"{wanted}\"");
        return spec is null ? null : NetworkSpecValidator.Resolve(spec, Math.Max(2, dataset.Classes.Count), errors, "--architecture");
    }

    private static InputSpec Input(InputSpec preset, int? size, int channels) => new(size ?? preset.Height, size ?? preset.Width, channels);

    private static int Publish(string work, DirectoryInfo target)
    {
        if (target.Exists)
        {
            target.Delete(recursive: true);
        }

        DurableFile.PublishFolder(Path.Combine(work, RunFolder.PackageFolder), target.FullName);
        File.Copy(Path.Combine(work, RunFolder.EvaluationFile), Path.Combine(target.FullName, RunFolder.EvaluationFile));
        Directory.Delete(work, recursive: true);
        Console.WriteLine($"The model lies in {target.FullName}");
        return 0;
    }

    /// <summary>Tells each epoch in a line.</summary>
    private sealed class ConsoleObserver(TextWriter output) : ITrainingObserver
    {
        public void Started(string device, Core.Training.Precision precision, int resumedEpoch) =>
            output.WriteLine($"training on {device} in {precision}{(resumedEpoch > 0 ? $", {resumedEpoch} epochs done before" : string.Empty)}");

        public void Step(StepProgress progress)
        {
        }

        public void Epoch(EpochMetrics metrics) => output.WriteLine(FormattableString.Invariant(
            $"epoch {metrics.Epoch}: loss {metrics.Loss:F4}, accuracy {metrics.Accuracy:P1}, validation loss {metrics.ValidationLoss:F4}, accuracy {metrics.ValidationAccuracy:P1}, {metrics.ImagesPerSecond:F0} images/s"));

        public void Checkpoint(int epoch, int step)
        {
        }

        public void Log(string message) => output.WriteLine(message);
    }
}
