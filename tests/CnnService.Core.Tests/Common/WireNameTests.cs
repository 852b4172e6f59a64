using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Training;

namespace CnnService.Core.Tests.Common;

public sealed class WireNameTests
{
    [Fact]
    public void ToWireName_PlainValue_IsCamelCase() => Assert.Equal("oneCycle", ScheduleKind.OneCycle.ToWireName());

    [Fact]
    public void ToWireName_ValueWithANameOfItsOwn_IsThatName() =>
        Assert.Equal(("grad-cam++", "minmax", "heat"),
            (ExplainMethod.GradCamPlusPlus.ToWireName(), FeatureMapScale.MinMax.ToWireName(), ExplainView.Heatmap.ToWireName()));

    [Fact]
    public void All_EveryValue_IsWhatJsonWritesInTheirOrder()
    {
        Assert.Equal(["train", "validation", "test"], WireName.All<Split>());
        Assert.Equal(
            JsonSerializer.SerializeToElement(Enum.GetValues<ExplainMethod>(), CoreJson.Options).EnumerateArray()
            .Select(name => name.GetString()), WireName.All<ExplainMethod>());
    }

    [Fact]
    public void All_TypeKnownAtRunTimeOnly_IsTheSame()
    {
        var type = new ScheduleSpec().Name.GetType();
        Assert.Equal(WireName.All<ScheduleKind>(), WireName.All(type));
    }

    [Theory]
    [InlineData("validation", Split.Validation)]
    [InlineData("VALIDATION", Split.Validation)]
    [InlineData("1", null)]
    [InlineData("train,test", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Find_Name_IsItsValueOrNull(string? name, Split? expected) => Assert.Equal(expected, WireName.Find<Split>(name));

    [Fact]
    public void ReadName_NoName_IsNullWithoutAnError()
    {
        var errors = new ValidationErrors();
        Assert.Null(errors.ReadName<Split>(null, "split"));
        Assert.False(errors.Any);
    }

    [Fact]
    public void ReadName_UnknownName_TellsTheNamesAndWhatWasReceived()
    {
        var errors = new ValidationErrors();
        Assert.Null(errors.ReadName<Split>("tset", "split"));
        Assert.Equal(["must be train, validation or test, received \"tset\""], errors.ToDictionary()["split"]);
    }

    [Fact]
    public void ReadName_ValueThatIsNotAllowedHere_IsAnError()
    {
        var errors = new ValidationErrors();
        Assert.Null(errors.ReadName("train", "split", Split.Validation, Split.Test));
        Assert.Equal(["must be validation or test, received \"train\""], errors.ToDictionary()["split"]);
    }
}
