using CnnService.Core.Classification;
using CnnService.Core.Common;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>Runs batches of requests, measures the runs and completes the requests. Thread safe.</summary>
/// <param name="statistics">Records each run.</param>
/// <param name="time">Clock of the measurements.</param>
internal sealed class BatchRunner(ServingStatistics statistics, TimeProvider time)
{
    private long _ticksPerImage = TimeSpan.MaxValue.Ticks;

    /// <summary>Duration of the last run per image, in ticks; the maximum before the first run.</summary>
    public long TicksPerImage => Volatile.Read(ref _ticksPerImage);

    /// <summary>
    /// Runs a batch; if that fails, runs each request alone, so that one cannot fail the others. Completes every request in any case.
    /// </summary>
    public void Run(OnnxNetwork network, List<BatchRequest> batch)
    {
        try
        {
            Answer(network, batch);
        }
        catch (Exception) when (batch.Count > 1)
        {
            batch.ForEach(request => Run(network, [request]));
        }
        catch (OnnxRuntimeException) when (network.IsTerminated)
        {
            statistics.RecordFailure(time.GetElapsedTime(batch[0].Entered));
            batch[0].Complete(new Problem(ProblemKind.Timeout, "classify.timeout", "The run of the network did not end and was given up."));
        }
        catch (OnnxRuntimeException failure)
        {
            statistics.RecordFailure(time.GetElapsedTime(batch[0].Entered));
            batch[0].Complete(CudaMemory.FindShortage(failure.Message, network.Device)
                ?? new Problem(ProblemKind.Internal, "classify.failed", $"The network failed on the image: {failure.Message}"));
        }
        catch (Exception failure)
        {
            statistics.RecordFailure(time.GetElapsedTime(batch[0].Entered));
            batch[0].Fail(failure);
        }
    }

    private void Answer(OnnxNetwork network, List<BatchRequest> batch)
    {
        var started = time.GetTimestamp();
        string[] outputs = [.. batch.SelectMany(request => request.Outputs).Distinct(StringComparer.Ordinal)];
        var run = network.Run([.. batch.Select(request => request.Input)], outputs, time);
        var answers = run.Split([.. batch.Select(request => (request.Count, request.Outputs))]);
        Volatile.Write(ref _ticksPerImage, (run.Input + run.Inference + run.Output).Ticks / run.Images);
        ClassifyMetrics.Batch(run.Images);
        statistics.RecordRun(run,
            [.. batch.Select(request => (time.GetElapsedTime(request.Entered, started), time.GetElapsedTime(request.Entered)))]);
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Complete(
                new TensorAnswer(answers[i], time.GetElapsedTime(batch[i].Entered, started), run.Inference, run.Images, network.Device));
        }
    }
}
