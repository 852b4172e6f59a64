using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Faults;

/// <summary>Neither the service nor its child processes connect to another host, whatever a client names; seen by the kernel.</summary>
[LongProof]
public sealed class ConnectionTests
{
    private const string Tracer = "/usr/bin/strace";
    private const string Small = "&iterations=16&size=32";

    [Fact]
    public async Task Service_AtAllItsWork_ConnectsToNobody()
    {
        Assert.SkipUnless(File.Exists(Tracer), "needs strace");
        using var folder = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(Path.Combine(folder.Path, "data"), "--Disk:MinFreeBytes=0");
        var seen = Path.Combine(folder.Path, "connects");
        using var tracer = Process.Start(
            Tracer, ["-f", "-qq", "-e", "trace=connect", "-o", seen, "-p", service.Id.ToString(CultureInfo.InvariantCulture)]);
        await Eventually.IsAsync(() => Task.FromResult(File.Exists(seen)), isThere => isThere);

        await service.ImportSampleAsync();
        var run = await service.TrainAsync("m", epochs: 1);
        await service.EndsAsync(run, "succeeded");
        Assert.Equal(HttpStatusCode.OK, await PostAsync(service, "/classify?model=m", RedOrBlue.Image(200, 0, 50), "image/png"));
        foreach (var address in new[] { "http://192.0.2.1/x.zip", "https://example.org/x.onnx", @"\\192.0.2.1\share", "ftp://192.0.2.1/" })
        {
            await PostAsync(service, "/datasets", Json($$"""{"name":"far","path":{{Quote(address)}}}"""), "application/json");
            await PostAsync(service, "/train", Json($$"""{"dataset":{{Quote(address)}}}"""), "application/json");
            await PostAsync(service, $"/classify?model={Uri.EscapeDataString(address)}", RedOrBlue.Image(1, 2, 3), "image/png");
            await LookInsideAsync(service, Uri.EscapeDataString(address));
        }

        Assert.Equal(HttpStatusCode.OK, await LookInsideAsync(service, "m"));

        using var form = new MultipartFormDataContent { { new StringContent("far"), "name" } };
        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder.Path, "data", "models", "m", "1", "model.onnx"))),
            "file", "http://192.0.2.1/model.onnx");
        using var imported = await service.Client.PostAsync(ServiceClient.Relative("/models"), form);
        await service.StopAsync();
        await tracer.WaitForExitAsync();

        var connects = await File.ReadAllLinesAsync(seen);
        Assert.DoesNotContain(connects, line => line.Contains("sa_family=AF_INET", StringComparison.Ordinal));
    }

    /// <summary>Asks for pictures of a model, also of an image that has the same name; the status of the last one.</summary>
    private static async Task<HttpStatusCode> LookInsideAsync(ServiceProcess service, string model)
    {
        foreach (var path in new[] { string.Empty, "/conv", "/conv/0", "/classes", "/conv/kernels", $"/conv/feature-maps?image={model}/1" })
        {
            var and = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var size = path is "/conv" or "/conv/0" or "/classes" ? Small : string.Empty;
            using var seen = await service.Client.GetAsync(ServiceClient.Relative($"/visualize{path}{and}model={model}{size}"));
        }

        await PostAsync(service, $"/explain?model={model}&method=saliency", RedOrBlue.Image(200, 0, 50), "image/png");
        return await PostAsync(service, $"/visualize/conv?model={model}", RedOrBlue.Image(200, 0, 50), "image/png");
    }

    private static byte[] Json(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static async Task<HttpStatusCode> PostAsync(ServiceProcess service, string path, byte[] body, string type)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var answer = await service.Client.PostAsync(ServiceClient.Relative(path), content);
        return answer.StatusCode;
    }
}
