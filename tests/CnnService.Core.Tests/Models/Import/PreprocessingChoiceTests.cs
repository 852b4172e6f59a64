using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

public sealed class PreprocessingChoiceTests
{
    [Fact]
    public void Create_Name_IsTheNormalization()
    {
        Assert.Equal([0.485, 0.456, 0.406], Read("imagenet").Mean);
        Assert.Equal(ChannelOrder.Bgr, Read(" caffe ").ChannelOrder);
        Assert.Equal(1 / 255.0, Read("rescale").Scale);
    }

    [Fact]
    public void Create_Numbers_AreTaken()
    {
        var read = Read("""{"channelOrder":"bgr","scale":1,"mean":[104,117,123],"deviation":[2,3,4]}""");

        Assert.Equal((NormalizationKind.Custom, ChannelOrder.Bgr, 1.0), (read.Normalization, read.ChannelOrder, read.Scale));
        Assert.Equal([104, 117, 123], read.Mean);
        Assert.Equal([2, 3, 4], read.Std);
    }

    [Fact]
    public void Create_OneNumber_GoesForAllChannels()
    {
        var read = Read("""{"mean":[0.5],"std":[0.25]}""");

        Assert.Equal([0.5, 0.5, 0.5], read.Mean);
        Assert.Equal([0.25, 0.25, 0.25], read.Std);
        Assert.Equal(1 / 255.0, read.Scale);
    }

    [Theory]
    [InlineData("rescale", 0)]
    [InlineData("""{"mean":[0.5],"std":[0.2]}""", 0)]
    [InlineData("""{"channelOrder":"bgr","mean":[1,2,3]}""", 0)]
    [InlineData("whiten", 1)]
    [InlineData("""{"mean":[1,2],"scale":0}""", 2)]
    public void Parse_KnowsNoChannels_TellsWhatNeitherGreyNorColoursTake(string text, int broken)
    {
        var errors = new ValidationErrors();

        var choice = PreprocessingChoice.Parse(text, errors);

        Assert.Equal(broken, errors.ToDictionary().Count);
        Assert.Equal(broken == 0, choice is not null);
    }

    [Theory]
    [InlineData("torch", "preprocessing", "must be one of rescale, imagenet, caffe, or {")]
    [InlineData("whiten", "preprocessing", "must be one of")]
    [InlineData("{", "preprocessing", "must be JSON")]
    [InlineData("""{"mean":[1,2]}""", "preprocessing.mean", "must hold 3 numbers, one a channel, received 2")]
    [InlineData("""{"std":[0]}""", "preprocessing.std", "must be above 0")]
    [InlineData("""{"std":[1],"deviation":[1]}""", "preprocessing.deviation", "must not be given beside std")]
    [InlineData("""{"scale":0}""", "preprocessing.scale", "must be above 0 and at most 1000000, received 0")]
    [InlineData("""{"mean":[1e300]}""", "preprocessing.mean", "must hold numbers of at most 1000000")]
    [InlineData("""{"mean":[]}""", "preprocessing.mean", "received 0")]
    [InlineData("""{"channelOrder":"gbr"}""", "preprocessing.channelOrder", "must be one of rgb, bgr")]
    [InlineData("""{"means":[1]}""", "preprocessing.means", "is not a field here")]
    public void Parse_BrokenRule_IsTold(string text, string path, string rule)
    {
        var errors = new ValidationErrors();
        PreprocessingChoice.Parse(text, errors);

        Assert.Contains(rule, errors.ToDictionary()[path][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Create_BlueFirstForGrey_IsRefused()
    {
        var errors = new ValidationErrors();

        Assert.Null(PreprocessingChoice.Parse("""{"channelOrder":"bgr"}""", errors)!.Create(1, errors));
        Assert.True(errors.Any);
    }

    private static Preprocessing Read(string text)
    {
        var errors = new ValidationErrors();
        var read = PreprocessingChoice.Parse(text, errors)!.Create(3, errors);
        Assert.Empty(errors.ToDictionary());
        return read!;
    }
}
