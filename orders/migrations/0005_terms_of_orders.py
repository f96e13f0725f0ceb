import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_rooms")]

    operations = [
        migrations.AddField(
            model_name='clientmember',
            name='may_approve',
            field=models.BooleanField(db_default=True, default=True, verbose_name='可确认工时'),
        ),
        migrations.AddField(
            model_name='clientmember',
            name='may_manage',
            field=models.BooleanField(db_default=False, default=False, verbose_name='可管理成员'),
        ),
        migrations.AddField(
            model_name='clientmember',
            name='may_order',
            field=models.BooleanField(db_default=True, default=True, verbose_name='可下单'),
        ),
        migrations.AddField(
            model_name='order',
            name='cancel_fee',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='取消费用（元）'),
        ),
        migrations.AddField(
            model_name='order',
            name='package',
            field=models.CharField(choices=[('standard', '标准'), ('fixed_team', '固定团队 + 应急替补'), ('special_pool', '特选人才池')], db_default='standard', default='standard', max_length=12, verbose_name='服务套餐'),
        ),
        migrations.AddField(
            model_name='order',
            name='recurring_week',
            field=models.DateField(blank=True, null=True, verbose_name='所属周'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='change_until_minutes',
            field=models.PositiveSmallIntegerField(db_default=60, default=60, verbose_name='开始前多少分钟停止修改'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='free_change_hours',
            field=models.PositiveSmallIntegerField(db_default=24, default=24, verbose_name='开始前多少小时以上可免费取消或减人'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='last_cancel_hours',
            field=models.PositiveSmallIntegerField(db_default=2, default=2, verbose_name='开始前多少小时以内按临时取消计'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='last_cancel_percent',
            field=models.PositiveSmallIntegerField(db_default=100, default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='临时取消收取费用的百分比'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='late_cancel_percent',
            field=models.PositiveSmallIntegerField(db_default=30, default=30, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='之后取消收取费用的百分比'),
        ),
        migrations.AddField(
            model_name='order',
            name='special_pool',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.gateprofile', verbose_name='特选人才池'),
        ),
        migrations.AddField(
            model_name='order',
            name='recurring',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='orders', to='orders.recurringorder', verbose_name='周期订单'),
        ),
    ]
