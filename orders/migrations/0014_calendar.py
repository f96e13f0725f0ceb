import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0013_exchange'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderpolicy',
            name='calendar_past_days',
            field=models.PositiveSmallIntegerField(db_default=30, default=30, verbose_name='日历中保留过去多少天的班次'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='calendar_cancelled_days',
            field=models.PositiveSmallIntegerField(db_default=14, default=14, verbose_name='日历中保留已取消班次多少天'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='calendar_refresh_minutes',
            field=models.PositiveSmallIntegerField(db_default=15, default=15, verbose_name='建议日历多久刷新（分钟）'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='calendar_reads_an_hour',
            field=models.PositiveSmallIntegerField(db_default=60, default=60, verbose_name='每个日历每小时最多读取次数'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='calendar_first_alarm_hours',
            field=models.PositiveSmallIntegerField(db_default=24, default=24, verbose_name='日历第一次提醒提前（小时）'),
        ),
        migrations.AddField(
            model_name='orderpolicy',
            name='calendar_last_alarm_minutes',
            field=models.PositiveSmallIntegerField(db_default=120, default=120, verbose_name='日历最后一次提醒提前（分钟）'),
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.UUIDField(default=uuid.uuid4, verbose_name='种子')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='令牌摘要')),
                ('created_at', models.DateTimeField(verbose_name='创建时间')),
                ('shown', models.CharField(blank=True, default='', max_length=64, verbose_name='最近内容摘要')),
                ('shown_at', models.DateTimeField(verbose_name='内容变更时间')),
                ('worker', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to='workers.worker')),
            ],
            options={
                'verbose_name': '日历订阅',
                'verbose_name_plural': '日历订阅',
            },
        ),
        migrations.CreateModel(
            name='CalendarEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('sequence', models.PositiveIntegerField(default=0, verbose_name='版本')),
                ('changed_at', models.DateTimeField(verbose_name='变更时间')),
                ('offer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_entry', to='orders.offer')),
            ],
            options={
                'verbose_name': '日历条目',
                'verbose_name_plural': '日历条目',
            },
        ),
    ]
