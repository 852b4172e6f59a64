using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// The inference protocol with binary tensors, float32 <c>[batch,3,150,150]</c>, against OnnxRuntime's session alone in this process, in
/// turn. The clients live in this process, on the same cores as the service; their share counts against the service.
/// </summary>
internal static class ProtocolSpeed
{
    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder of images, train/<class>");
        var batch = arguments.Whole("--batch-size", 8);
        var clients = arguments.Whole("--clients", 4);
        var seconds = arguments.Whole("--seconds", 8);
        await using var bench = await Workbench.StartAsync();
        var onnx = await ArticleModel.PublishAsync(bench, data);
        using var session = new InferenceSession(onnx);
        var input = session.InputMetadata.Keys.Single();
        var values = new float[batch * 3 * MachineLimit.Side * MachineLimit.Side];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i % 251 / 251f;
        }

        List<double> ours = [], raw = [];
        for (var round = 1; round <= arguments.Whole("--rounds", 3); round++)
        {
            raw.Add(Alone(session, input, values, batch, seconds));
            ours.Add(await OverHttpAsync(bench, input, values, batch, clients, seconds));
            Figures.Print(
                $"round {round}: session alone {raw[^1].Text()}, protocol {ours[^1].Text()} images/s, "
                + $"{(100 * ours[^1] / raw[^1]).Text()} %");
        }

        Figures.Print(
            $"medians: session alone {Figures.Median(raw).Text()}, protocol {Figures.Median(ours).Text()} images/s, "
            + $"{(100 * Figures.Median(ours) / Figures.Median(raw)).Text()} %");
    }

    private static double Alone(InferenceSession session, string input, float[] values, int batch, int seconds)
    {
        using var options = new RunOptions();
        using var tensor = OrtValue.CreateTensorValueFromMemory(values, [batch, 3, MachineLimit.Side, MachineLimit.Side]);
        string[] names = [input];
        OrtValue[] tensors = [tensor];
        var outputs = session.OutputMetadata.Keys.ToArray();
        session.Run(options, names, tensors, outputs).Dispose();
        var (started, runs) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; runs++)
        {
            session.Run(options, names, tensors, outputs).Dispose();
        }

        return runs * batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> OverHttpAsync(Workbench bench, string input, float[] values, int batch, int clients, int seconds)
    {
        var bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var header = JsonSerializer.SerializeToUtf8Bytes(new
        {
            inputs = new[] {
                new { name = input, shape = new[] { batch, 3, MachineLimit.Side, MachineLimit.Side }, datatype = "FP32",
                    parameters = new { binary_data_size = bytes.Length } } },
            parameters = new { binary_data_output = true },
        });
        var body = header.Concat(bytes).ToArray();
        await InferAsync(bench, body, header.Length);
        var (started, requests) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            {
                await InferAsync(bench, body, header.Length);
                Interlocked.Increment(ref requests);
            }
        })));
        return requests * batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task InferAsync(Workbench bench, byte[] body, int headerLength)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", $"{headerLength}");
        using var answer = await bench.Service.Client.PostAsync(new Uri($"v2/models/{ArticleModel.Name}/infer", UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }

        await answer.Content.ReadAsByteArrayAsync();
    }
}
