using Grpc.Core;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>The same requests in every form of the protocol: HTTP in JSON and in binary, gRPC in typed and in raw contents.</summary>
public sealed class TransportTests(GrpcColours fixture) : IClassFixture<GrpcColours>
{
    private const string Json = "HTTP, JSON";
    private const string Binary = "HTTP, binary";
    private const string Typed = "gRPC, typed";
    private const string Raw = "gRPC, raw";
    private const int Area = RedOrBlue.Side * RedOrBlue.Side;

    /// <summary>What no form takes, each with a part of its sentence.</summary>
    private static readonly Dictionary<string, (Sent Sent, string Told)> Unsound = new()
    {
        ["no input"] = (new([]), "non-empty list 'inputs'"),
        ["two inputs"] = (new([Colour(1, 0, 0), Colour(0, 0, 1)]), "expected 1 inputs but got 2"),
        ["nameless input"] = (Sent.One(Colour(1, 0, 0) with { Name = string.Empty }), "object with a name"),
        ["unknown input"] = (Sent.One(Colour(1, 0, 0) with { Name = "other" }), "unexpected inference input 'other'"),
        ["unknown type"] = (Sent.One(Colour(1, 0, 0) with { Datatype = "XYZ" }), "unknown datatype 'XYZ'"),
        ["other type"] = (Sent.One(Colour(1, 0, 0) with { Datatype = "INT32" }), "unexpected datatype INT32"),
        ["no shape"] = (Sent.One(Colour(1, 0, 0) with { Shape = [] }), "a list of 1 to 8 numbers"),
        ["long shape"] = (Sent.One(Colour(1, 0, 0) with { Shape = [1, 1, 1, 1, 1, 1, 3, 32, 32] }), "a list of 1 to 8 numbers"),
        ["negative shape"] = (Sent.One(Colour(1, 0, 0) with { Shape = [-1, 3, 32, 32] }), "no whole number from 0 up: -1"),
        ["vast shape"] = (Sent.One(Colour(1, 0, 0) with { Shape = [1L << 32, 1L << 60] }), "too many elements"),
        ["other shape"] = (Sent.One(Colour(1, 0, 0) with { Shape = [1, 32, 32, 3] }), "expected [-1,3,32,32]"),
        ["unknown output"] = (Sent.One(Colour(1, 0, 0), ("nope", null)), "nope"),
        ["nameless output"] = (Sent.One(Colour(1, 0, 0), (string.Empty, null)), "output"),
        ["output twice"] = (Sent.One(Colour(1, 0, 0), ("logits", null), ("logits", null)), "asked for twice"),
        ["classes below 0"] = (Sent.One(Colour(1, 0, 0), ("logits", -1)), "output 'logits' must be a number of classes"),
        ["no image"] = (Sent.One(SentTensor.Images([1, 2, 3])), "image 0: "),
    };

    private static readonly string[] AllForms = [Json, Binary, Typed, Raw];

    public static TheoryData<string> Forms => [.. AllForms];

    public static MatrixTheoryData<string, string> UnsoundInForms => new(Unsound.Keys, AllForms);

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Infer_OfPlanes_GivesWhatTheNetworkIs(string form)
    {
        float[] planes = [.. Colour(1, 0, 0).Numbers, .. Colour(0, 0, 0.5f).Numbers];
        var sent = Sent.One(SentTensor.Planes(planes, 2, 3, 32, 32), ("logits", null));

        var got = await InferAsync(form, sent with { Id = "42" });

        Assert.Equal(("42", "colours", "1"), (got.Id, got.Model, got.Version));
        var logits = Assert.Single(got.Outputs);
        Assert.Equal(("logits", "FP32"), (logits.Name, logits.Datatype));
        Assert.Equal([2, 2], logits.Shape);
        AssertNear([4, 0, 0, 2], logits.Numbers);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Infer_OfPixels_PreprocessesThem(string form)
    {
        var pixels = Enumerable.Repeat(new float[] { 255, 0, 51 }, Area).SelectMany(pixel => pixel).ToArray();

        var got = await InferAsync(form, Sent.One(SentTensor.Pixels(pixels, 1, 32, 32, 3), ("logits", null)));

        AssertNear([4, 0.8], Assert.Single(got.Outputs).Numbers);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Infer_OfImages_GivesARowForEach(string form)
    {
        var sent = Sent.One(SentTensor.Images(RedOrBlue.Image(255, 0, 0), RedOrBlue.Image(0, 0, 255)), ("probabilities", null));

        var output = Assert.Single((await InferAsync(form, sent)).Outputs);

        Assert.Equal([2, 2], output.Shape);
        var red = RedOrBlue.Red(255, 0);
        AssertNear([red, 1 - red, 1 - red, red], output.Numbers);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Infer_WithClassification_NamesTheBestClasses(string form)
    {
        var sent = Sent.One(
            SentTensor.Images(RedOrBlue.Image(255, 0, 0), RedOrBlue.Image(0, 0, 255)), ("probabilities", 1), ("pool", null));

        var got = await InferAsync(form, sent);

        Assert.Equal(["probabilities", "pool"], got.Outputs.Select(output => output.Name));
        Assert.Equal("BYTES", got.Outputs[0].Datatype);
        Assert.Equal([2, 1], got.Outputs[0].Shape);
        Assert.EndsWith(":0:red", got.Outputs[0].Texts[0], StringComparison.Ordinal);
        Assert.EndsWith(":1:blue", got.Outputs[0].Texts[1], StringComparison.Ordinal);
        AssertNear([1, 0, 0, 1], got.Outputs[1].Numbers); // A layer: the means of red and of blue.
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Infer_WithoutOutputs_GivesThoseOfTheMetadata(string form)
    {
        var got = await InferAsync(form, Sent.One(Colour(1, 0, 1)));

        Assert.Equal(["probabilities"], got.Outputs.Select(output => output.Name));
        Assert.Equal(string.Empty, got.Id);
    }

    [Fact]
    public async Task Infer_OfTheSameTensors_GivesTheSameBitsInEveryForm()
    {
        var random = new Random(7);
        var planes = Enumerable.Range(0, 3 * 3 * Area).Select(_ => random.NextSingle()).ToArray();
        var sent = Sent.One(SentTensor.Planes(planes, 3, 3, 32, 32), ("probabilities", null), ("logits", null), ("conv_1", null));

        var all = new List<uint[]>();
        foreach (var form in AllForms)
        {
            var got = await InferAsync(form, sent);
            all.Add([.. got.Outputs.SelectMany(output => output.Numbers).Select(BitConverter.SingleToUInt32Bits)]);
        }

        Assert.Equal((2 * 3 * 2) + (3 * 2 * Area), all[0].Length);
        Assert.All(all, bits => Assert.Equal(all[0], bits));
    }

    [Theory]
    [MemberData(nameof(UnsoundInForms))]
    public async Task Infer_OfAnUnsoundRequest_IsRefusedWithTheSameSentence(string fault, string form)
    {
        var (sent, told) = Unsound[fault];

        var got = await To(form).InferAsync("colours", null, sent);

        Assert.Equal(StatusCode.InvalidArgument, got.Status);
        Assert.Contains(told, got.Error, StringComparison.Ordinal);
        Assert.Equal((await To(IsRaw(form) ? Binary : Json).InferAsync("colours", null, sent)).Error, got.Error);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Infer_OfFewerValuesThanTheShapeHas_IsRefused(string form)
    {
        var got = await To(form).InferAsync("colours", null, Sent.One(Colour(1, 0, 0) with { Numbers = [1, 2] }));

        Assert.Equal(StatusCode.InvalidArgument, got.Status);
        Assert.Contains(IsRaw(form) ? "unexpected total byte size 8" : "must hold 3072 elements, received 2", got.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Infer_OfWhatIsNotThere_IsNotFound(string form)
    {
        Assert.Equal(StatusCode.NotFound, (await To(form).InferAsync("none", null, Sent.One(Colour(1, 0, 0)))).Status);
        Assert.Equal(StatusCode.NotFound, (await To(form).InferAsync("colours", "9", Sent.One(Colour(1, 0, 0)))).Status);
        Assert.Equal(StatusCode.OK, (await To(form).InferAsync("colours", "1", Sent.One(Colour(1, 0, 0)))).Status);
    }

    private static bool IsRaw(string form) => form is Binary or Raw;

    private static SentTensor Colour(float red, float green, float blue) => SentTensor.Planes(
        [.. new[] { red, green, blue }.SelectMany(value => Enumerable.Repeat(value, Area))], 1, 3, 32, 32);

    private static void AssertNear(double[] expected, float[] values)
    {
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    private async Task<Got> InferAsync(string form, Sent sent)
    {
        var got = await To(form).InferAsync("colours", null, sent);
        Assert.True(got.Status == StatusCode.OK, $"{got.Status}: {got.Error}");
        return got;
    }

    private ITransport To(string form) => form switch
    {
        Json => new HttpTransport(fixture.Service, isBinary: false),
        Binary => new HttpTransport(fixture.Service, isBinary: true),
        Typed => new GrpcTransport(fixture.Client, isRaw: false),
        _ => new GrpcTransport(fixture.Client, isRaw: true),
    };
}
