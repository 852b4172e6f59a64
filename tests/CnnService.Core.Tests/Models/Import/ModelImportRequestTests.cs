using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

public sealed class ModelImportRequestTests
{
    [Fact]
    public void Parse_ReadsEachTextOnce_AndThePlanSurvivesJson()
    {
        var errors = new ValidationErrors();
        var parsed = new ModelImportRequest("/in/file")
        {
            Architecture = "lenet5",
            Labels = "crane\ncrane\n",
            Preprocessing = """{"channelOrder":"bgr","scale":1,"mean":[104,117,123],"std":[2]}""",
        }.Parse(errors);
        Assert.False(errors.Any);

        var plan = JsonSerializer.Deserialize<ModelImportPlan>(JsonSerializer.Serialize(parsed, CoreJson.Options), CoreJson.Options)!;

        Assert.Equal(("/in/file", "lenet5"), (plan.File, plan.Architecture));
        Assert.Equal(["crane", "crane (2)"], plan.Labels!.Names);
        Assert.Equal(["1 class names came again and got a number behind them."], plan.Labels.Notes);
        var preprocessing = plan.Preprocessing!.Create(3, errors)!;
        Assert.Equal((NormalizationKind.Custom, ChannelOrder.Bgr, 1.0),
            (preprocessing.Normalization, preprocessing.ChannelOrder, preprocessing.Scale));
        Assert.Equal([104, 117, 123], preprocessing.Mean);
        Assert.Equal([2, 2, 2], preprocessing.Std);
    }

    [Fact]
    public void Parse_ReportsLabelsAndPreprocessingTogether()
    {
        var errors = new ValidationErrors();

        new ModelImportRequest("/in/file") { Labels = "cats\n\ndogs", Preprocessing = "whiten" }.Parse(errors);

        Assert.Equal(["labels", "preprocessing"], errors.ToDictionary().Keys.Order());
    }

    [Fact]
    public void Parse_WithoutTexts_LeavesBothToTheFile()
    {
        var plan = new ModelImportRequest("/in/file").Parse(new ValidationErrors());

        Assert.Equal(new ModelImportPlan("/in/file", null, null, null), plan);
    }
}
