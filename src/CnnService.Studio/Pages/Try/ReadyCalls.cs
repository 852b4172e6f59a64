namespace CnnService.Studio.Pages.Try;

/// <summary>Programs that ask this service for exactly one version of a model, ready to be run.</summary>
internal static class ReadyCalls
{
    /// <summary>The languages and their programs, in the order of their tabs.</summary>
    /// <param name="service">The service's address, with a slash at the end.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="needsKey">Whether the service wants a key.</param>
    public static IReadOnlyList<(string Language, string Code)> Of(Uri service, string model, int version, bool needsKey)
    {
        ArgumentNullException.ThrowIfNull(service);
        var address = service.AbsoluteUri.TrimEnd('/');
        return
        [
            ("curl", Curl(address, model, version, needsKey)),
            ("C#", CSharp(address, model, version, needsKey)),
            ("Python", Python(address, model, version, needsKey)),
            ("JavaScript", JavaScript(address, model, version, needsKey)),
        ];
    }

    private static string Curl(string address, string model, int version, bool needsKey)
    {
        var key = needsKey ? "-H \"X-Api-Key: $KEY\" " : null;
        return $"""
            # what it is
            curl {key}-F files=@image.jpg '{address}/classify?model={model}:{version}'
            # why: a heat map over the image
            curl {key}-F file=@image.jpg '{address}/explain?model={model}:{version}' -o why.png
            """;
    }

    private static string CSharp(string address, string model, int version, bool needsKey)
    {
        var key = needsKey ? ", ApiKey = key" : null;
        return $$"""
            using CnnService.Client;

            var client = CnnServiceClient.Connect(new() { Address = new("{{address}}"){{key}} });
            await using var image = File.OpenRead("image.jpg");
            var result = await client.ClassifyImageAsync(image, "{{model}}:{{version}}");
            Console.WriteLine($"{result.Label} {result.Probability:P1}");
            """;
    }

    /// <summary>Through the inference protocol that KServe and Triton speak.</summary>
    private static string Python(string address, string model, int version, bool needsKey)
    {
        var key = needsKey ? ", headers={\"X-Api-Key\": key}" : null;
        return $$$"""
            import base64, requests  # the inference protocol of KServe and Triton

            image = base64.b64encode(open("image.jpg", "rb").read()).decode()
            answer = requests.post("{{{address}}}/v2/models/{{{model}}}/versions/{{{version}}}/infer"{{{key}}}, json={
                "inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": [image]}],
                "outputs": [{"name": "probabilities", "parameters": {"classification": 3}}]})
            print(answer.json()["outputs"][0]["data"])  # ["probability:number:class", …]
            """;
    }

    private static string JavaScript(string address, string model, int version, bool needsKey)
    {
        var key = needsKey ? ", headers: { \"X-Api-Key\": key }" : null;
        return $$"""
            const form = new FormData();
            form.append("files", file);  // a File or Blob
            const answer = await fetch("{{address}}/classify?model={{model}}:{{version}}", { method: "POST", body: form{{key}} });
            const { results: [result] } = await answer.json();
            console.log(result.label, result.probability);
            """;
    }
}
