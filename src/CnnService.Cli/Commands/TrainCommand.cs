using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models.Starts;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Runs;

namespace CnnService.Cli.Commands;

/// <summary>
/// cnn train: trains on an archive or a folder of images and writes a model folder. After an interruption the same command resumes.
/// </summary>
internal static class TrainCommand
{
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "The model's folder.", Required = true };
    private static readonly Option<int> Threads = new("--threads") { Description = "0: all cores." };

    public static Command Create()
    {
        var command = new Command("train", "Train a network and write it as a model folder: ONNX, weights, manifest, evaluation.")
        {
            Out, Threads,
        };
        DataArguments.AddTo(command);
        TrainArguments.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        var import = DataArguments.Read(arguments, errors);
        if (TrainArguments.Read(arguments, errors) is not { } request || errors.Any)
        {
            return Engines.ReportProblem(Problem.Validation(errors));
        }

        var target = arguments.GetRequiredValue(Out);
        var work = target.FullName.TrimEnd('/') + ".work";
        await using var services = Engines.Create(Path.Combine(work, "pixels"));
        var start = await TrainArguments.StartAsync(request, arguments, services.GetRequiredService<StartLibrary>(), cancel);
        if (start?.Problem is { } unusable)
        {
            return Engines.ReportProblem(unusable);
        }

        Directory.CreateDirectory(work);
        var dataset = Path.Combine(work, "dataset");
        var plan = (await import.BindAsync(data => ImportAsync(services, data, work, cancel)))
            .Bind(manifest => Plan(request, manifest,
                new(manifest.Digest[..16], dataset, TimeSpan.FromSeconds(60), arguments.GetValue(Threads))
                {
                    Start = start?.Value,
                    FeatureCache = Path.Combine(work, "features"),
                }));
        try
        {
            var pipeline = ActivatorUtilities.CreateInstance<TrainingPipeline>(services);
            var model = plan.Bind(whole => pipeline.Run(whole, work, new ConsoleObserver(Console.Out), cancel));
            return model.Match(_ => Publish(work, target), Engines.ReportProblem);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped at a checkpoint; the same command goes on from there.");
            return 1;
        }
    }

    private static async Task<Outcome<DatasetManifest>> ImportAsync(
        ServiceProvider services, DatasetImport import, string work, CancellationToken cancel)
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

        return await services.GetRequiredService<IDatasetImporter>().ImportAsync(
            import with { Folder = Directory.CreateDirectory(folder).FullName }, new Progress<ImportProgress>(), cancel);
    }

    private static Outcome<PlannedTraining> Plan(TrainRequest request, DatasetManifest dataset, PlanSetting setting)
    {
        var errors = new ValidationErrors();
        errors.Require(dataset.Classes.Count > 1, "data", $"must have two classes, received {dataset.Classes.Count}");
        return errors.ToOutcome(TrainPlanner.Plan(request, dataset, setting, errors));
    }

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

    /// <summary>Prints one line per epoch.</summary>
    private sealed class ConsoleObserver(TextWriter output) : ITrainingObserver
    {
        public void Started(string device, Core.Training.Precision precision, int resumedEpoch) =>
            output.WriteLine(
                $"training on {device} in {precision.ToWireName()}{(resumedEpoch > 0 ? $", {resumedEpoch} epochs done "
                    + $"before" : string.Empty)}");

        public void Step(StepProgress progress)
        {
        }

        public void Epoch(EpochMetrics metrics) =>
            output.WriteLine(
                $"epoch {metrics.Epoch}: loss {metrics.Loss:F4}, accuracy {metrics.Accuracy:P1}, validation loss "
                + $"{metrics.ValidationLoss:F4}, accuracy {metrics.ValidationAccuracy:P1}, {metrics.ImagesPerSecond:F0} images/s");

        public void Checkpoint(int epoch, int step)
        {
        }

        public void Log(string message) => output.WriteLine(message);
    }
}
